"""Another secret of the installation: who is signed in, and what they have open, goes on."""

from collections.abc import Callable

import pytest

from services.gateway.app import SERVICE
from services.gateway.models import BrowserSession
from shared import reseal
from shared.settings import settings
from shared.web.app import create_app
from tests.support.gateway import Browser
from tests.support.service import ServiceUnderTest, rows_of

FIRST = "a secret of the tests, and long enough"
LANGUAGE = {"language": "cy", "next": "/guide"}
Restart = Callable[..., None]


@pytest.fixture
def restart(
    gateway: ServiceUnderTest, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> Restart:
    """Begins the gateway anew with these secrets, before the same browser."""

    def begin(*secrets: str) -> None:
        monkeypatch.setenv("IAMIS_SECRET_KEY", "\n".join(secrets))
        settings.cache_clear()
        app = create_app(SERVICE.routes, gateway.database, public=True)
        SERVICE.extend(app)
        browser.client.application = app

    return begin


def test_a_session_and_an_open_page_outlive_the_old_secret(
    gateway: ServiceUnderTest, browser: Browser, restart: Restart
) -> None:
    browser.sign_in()
    opened = browser.token()
    restart("the new secret", FIRST)
    sent = browser.client.post("/language", data={"csrf_token": opened, **LANGUAGE})
    assert sent.status_code == 303
    done = reseal.reseal(gateway.database, SERVICE)
    assert (done.renewed, done.unreadable) == (2, 0)
    restart("the new secret")
    assert browser.get("/").location == "/centres/68101/papers"
    with gateway.database.reading() as session:
        assert len(rows_of(session, BrowserSession)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([FIRST], [FIRST, "the new secret"]),
        ([FIRST, "the new secret"], ["the new secret", FIRST]),
        (["the new secret", FIRST], ["the new secret"]),
    ],
    ids=["known first", "then newest", "then alone"],
)
def test_of_gateways_restarted_one_after_the_other_each_knows_the_other(
    gateway: ServiceUnderTest, browser: Browser, restart: Restart, one: list[str], other: list[str]
) -> None:
    """A page of one is sent to the other, and back; all is sealed anew before and between."""
    restart(*one)
    browser.sign_in()
    for drawn_by, sent_to in ((one, other), (other, one)):
        assert reseal.reseal(gateway.database, SERVICE).unreadable == 0
        restart(*drawn_by)
        opened = browser.token()
        restart(*sent_to)
        sent = browser.client.post("/language", data={"csrf_token": opened, **LANGUAGE})
        assert sent.status_code == 303
        assert browser.get("/").location == "/centres/68101/papers"


def test_what_was_sealed_with_a_secret_that_is_gone_is_over(
    browser: Browser, restart: Restart
) -> None:
    browser.sign_in()
    restart("the new secret")
    assert browser.get("/").status_code == 200
