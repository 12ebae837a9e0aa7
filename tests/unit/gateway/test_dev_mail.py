"""The mail store is shown on the embedded stack, to people at this computer, and to nobody else."""

from pathlib import Path

import pytest
from flask import Flask

from shared.mail.letter import Letter, Link
from shared.mail.queue import Reader, queue
from shared.mail.sender import Sender
from shared.mail.transport import Files
from shared.settings import settings
from tests.support.gateway import Browser
from tests.support.mailbox import SENDER
from tests.support.service import ServiceUnderTest

LETTER = Letter("Hello <i>", ("One & two.",), link=Link("Here", "http://127.0.0.1/x?a=1&b=2"))


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, gateway: ServiceUnderTest, tmp_path: Path) -> Path:
    """A home with one mail in it."""
    monkeypatch.setenv("IAMIS_HOME", str(tmp_path))
    settings.cache_clear()
    with gateway.transaction() as session:
        queue(session, Reader("ann@example.org", "Ann O'Neill", "en"), "test", LETTER)
    assert Sender(gateway.database, Files(tmp_path / "mail"), SENDER).send_next()
    return tmp_path / "mail"


@pytest.mark.usefixtures("folder")
def test_a_mail_is_shown_with_links_to_follow(browser: Browser) -> None:
    page = browser.get("/dev/mail").text
    assert "Hello &lt;i&gt;" in page
    assert "One &amp; two." in page
    assert 'href="http://127.0.0.1/x?a=1&amp;b=2"' in page


@pytest.mark.usefixtures("folder")
def test_from_elsewhere_it_is_not_there(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/dev/mail").status_code == 200
    elsewhere = client.get("/dev/mail", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 404


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IAMIS_SMTP_URL", "smtp://mail.example"),
        ("IAMIS_BIND", "0.0.0.0"),  # noqa: S104 # what is refused here
        ("IAMIS_TRUSTED_PROXIES", "127.0.0.1"),
    ],
)
def test_where_others_may_come_it_is_not_there(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    settings.cache_clear()
    headers = {"X-Forwarded-For": "192.0.2.7"}
    assert browser.get("/dev/mail", headers=headers).status_code == 404


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Host", "localhost"),
        ("Forwarded", "for=127.0.0.1"),
        ("X-Real-Ip", "127.0.0.1"),
        ("Via", "1.1 proxy"),
        ("Host", "iamis.example"),
        ("Host", "iamis.example:8000"),
        ("Host", "192.0.2.7"),
    ],
)
def test_a_proxy_on_this_machine_and_a_name_from_elsewhere_are_refused(
    browser: Browser, name: str, value: str
) -> None:
    assert browser.get("/dev/mail", headers={name: value}).status_code == 404


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_by_a_name_of_this_machine_it_is_there(browser: Browser, host: str) -> None:
    assert browser.get("/dev/mail", headers={"Host": host}).status_code == 200


@pytest.mark.usefixtures("folder")
def test_on_the_real_stack_it_is_not_there(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IAMIS_STACK", "real")
    monkeypatch.setenv("IAMIS_AMQP_URL", "amqp://broker")
    settings.cache_clear()
    assert browser.get("/dev/mail").status_code == 404


def test_an_empty_store_says_so(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("IAMIS_HOME", str(tmp_path))
    settings.cache_clear()
    assert "Nothing has been mailed yet." in browser.get("/dev/mail").text
