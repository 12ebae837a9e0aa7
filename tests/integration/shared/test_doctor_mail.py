"""Where mail goes, as the doctor says it."""

import pytest
from aiosmtpd.controller import Controller

from shared.doctor import parts
from shared.doctor.findings import Level
from shared.launcher.ports import free_ports
from tests.integration.shared.test_doctor import _home, told

__all__ = ["_home"]


def said_of_mail() -> tuple[Level, str]:
    (one,) = parts.mail()
    return one.level, one.words


@pytest.mark.parametrize(
    ("variables", "level", "words"),
    [
        ({}, Level.OK, ", and shown at /dev/mail to people"),
        (
            {"IAMIS_URL_GATEWAY": "http://127.0.0.1:8123"},
            Level.OK,
            ", and shown at http://127.0.0.1:8123/dev/mail to people",
        ),
        ({"IAMIS_BIND": "192.0.2.7"}, Level.OK, "/mail"),
        ({"IAMIS_STACK": "real"}, Level.WARNING, "/mail"),
    ],
    ids=str,
)
def test_where_mail_is_kept_and_can_be_read(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], level: Level, words: str
) -> None:
    told(monkeypatch, **variables)
    seen, said = said_of_mail()
    assert seen is level
    assert words in said
    assert ("/dev/mail" in said) is ("shown" in words)


def test_the_server_that_mail_goes_to_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = f"127.0.0.1:{free_ports(1)[0]}"
    told(monkeypatch, IAMIS_SMTP_URL=f"smtp://{server}")
    assert said_of_mail()[0] is Level.FAULT
    controller = Controller(object(), hostname="127.0.0.1", port=int(server[10:]))
    controller.start()
    try:
        assert said_of_mail() == (Level.OK, f"it goes to the server {server}, which lets us in")
    finally:
        controller.stop()
    told(monkeypatch, IAMIS_SMTP_URL=f"smtps://iamis:pass%2Fword@{server}")
    level, said = said_of_mail()
    assert (level, said[: len(server) + 12]) == (Level.FAULT, f"the server {server} ")
    assert "pass" not in said
