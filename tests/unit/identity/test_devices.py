"""Where one is signed in: the list, ending one or all, and mail of new devices."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.mailbox import queued
from tests.support.service import BOARD
from tests.unit.identity.people import ELSEWHERE, Person, Portal, code

Later = Callable[..., None]
LAPTOP = {"id": "laptop-1", "name": "Firefox on Windows"}
PHONE = {"id": "phone-1", "name": "Safari on iOS"}


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys@bryn.example")


@pytest.fixture
def sign_in(portal: Portal, carys: Person, later: Later) -> Callable[..., dict[str, Any]]:
    """Sign in from a device, each time with a code of its own."""

    def sign_in(device: object = None, address: str = ELSEWHERE) -> dict[str, Any]:
        later(seconds=30)
        begun = portal.begin(carys, address=address).json or {}
        body = {"challenge": begun["challenge"], "code": code(carys.secret), "device": device}
        answer = portal.post("/sign-in/totp", body, address=address)
        assert answer.status_code == 200, answer.text
        return dict(answer.json or {})

    return sign_in


def _sessions(portal: Portal, token: str) -> list[dict[str, Any]]:
    answer = portal.call("GET", "/me/sessions", token=token)
    assert answer.status_code == 200
    listed: list[dict[str, Any]] = (answer.json or {})["sessions"]
    return listed


def test_sessions_are_listed_the_last_used_first(
    portal: Portal, sign_in: Callable[..., dict[str, Any]]
) -> None:
    sign_in(LAPTOP)
    token = sign_in(PHONE)["access_token"]
    listed = _sessions(portal, token)
    assert [(one["device"], one["current"]) for one in listed] == [
        ("Safari on iOS", True),
        ("Firefox on Windows", False),
    ]
    assert {one["address"] for one in listed} == {ELSEWHERE}


def test_one_session_is_ended_at_once(
    portal: Portal, sign_in: Callable[..., dict[str, Any]]
) -> None:
    laptop, phone = sign_in(LAPTOP), sign_in(PHONE)
    ended = next(s for s in _sessions(portal, phone["access_token"]) if not s["current"])
    path = f"/me/sessions/{ended['id']}"
    assert portal.call("DELETE", path, token=phone["access_token"]).status_code == 204
    assert portal.call("GET", "/me", token=laptop["access_token"]).status_code == 401
    assert portal.refresh(laptop["refresh_token"]).status_code == 401
    renewed = portal.refresh(phone["refresh_token"]).json or {}
    assert len(_sessions(portal, renewed["access_token"])) == 1


def test_signing_out_everywhere_ends_this_one_too(
    portal: Portal, sign_in: Callable[..., dict[str, Any]]
) -> None:
    signed_in = [sign_in(LAPTOP), sign_in(PHONE)]
    token = signed_in[1]["access_token"]
    assert portal.call("DELETE", "/me/sessions", token=token).status_code == 204
    for one in signed_in:
        assert portal.refresh(one["refresh_token"]).status_code == 401
        assert portal.call("GET", "/me", token=one["access_token"]).status_code == 401


def test_another_persons_session_is_not_there(
    portal: Portal, sign_in: Callable[..., dict[str, Any]]
) -> None:
    token = sign_in(LAPTOP)["access_token"]
    other = portal.sign_in(portal.add("dewi@bryn.example"))
    theirs = _sessions(portal, other["access_token"])[0]["id"]
    assert portal.call("DELETE", f"/me/sessions/{theirs}", token=token).status_code == 404
    assert portal.refresh(other["refresh_token"]).status_code == 200


def test_the_first_sign_in_from_a_new_device_is_told(
    portal: Portal, sign_in: Callable[..., dict[str, Any]]
) -> None:
    def told() -> int:
        return len(queued(portal.service.database, "new-device"))

    sign_in(LAPTOP)
    assert told() == 0, "the very first is no news"
    sign_in(LAPTOP, address="203.0.113.5")
    assert told() == 0, "the same device elsewhere"
    sign_in(PHONE)
    assert told() == 1
    sign_in(PHONE)
    assert told() == 1
    (mail,) = queued(portal.service.database, "new-device")
    assert "Safari on iOS" in mail.text
    sign_in()
    assert told() == 2, "a program that names no device is one of its own"
    sign_in()
    assert told() == 2


@pytest.mark.parametrize("device", [{"id": ""}, {"id": "x", "name": "a\nb"}, "laptop", {"id": 1}])
def test_a_device_is_named_as_agreed(portal: Portal, carys: Person, device: object) -> None:
    begun = portal.begin(carys).json or {}
    body = {"challenge": begun["challenge"], "code": code(carys.secret), "device": device}
    assert portal.post("/sign-in/totp", body).status_code == 422


def test_the_language_of_the_account_is_changed(
    portal: Portal, sign_in: Callable[..., dict[str, Any]]
) -> None:
    token = sign_in(LAPTOP)["access_token"]
    answer = portal.call("PATCH", "/me", token=token, json={"language": "cy"})
    assert (answer.status_code, (answer.json or {})["language"]) == (200, "cy")
    assert portal.call("PATCH", "/me", token=token, json={"language": "fr"}).status_code == 422


def test_an_account_that_is_no_persons_has_nothing_of_its_own(portal: Portal) -> None:
    call = portal.service.call
    assert call("PATCH", "/api/identity/me", BOARD, json={}).status_code == 404
    body = {"current_password": "x", "new_password": "y"}
    assert call("POST", "/api/identity/me/password", BOARD, json=body).status_code == 404
    assert call("DELETE", "/api/identity/me/sessions", BOARD).status_code == 404
