"""Changing one's password, and choosing another by a mailed link."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.identity.commands.accounts import Place
from services.identity.models import FailedAttempt, PasswordReset, User
from shared.audit import AuditRow
from tests.support.mailbox import Received, queued
from tests.support.service import rows_of
from tests.unit.identity.people import ELSEWHERE, PASSWORD, Person, Portal, code

Later = Callable[..., None]
NEW = "a-quiet-green-valley"


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys@bryn.example")


def _ask(portal: Portal, email: str, address: str = ELSEWHERE) -> TestResponse:
    return portal.post("/password/forgotten", {"email": email}, address=address)


def _links(portal: Portal) -> list[Received]:
    return queued(portal.service.database, "password-reset")


def _token(portal: Portal) -> str:
    return _links(portal)[-1].text.partition("token=")[2].split()[0]


def _choose(portal: Portal, token: str, password: str = NEW) -> TestResponse:
    return portal.post("/password/reset", {"token": token, "new_password": password})


def test_a_link_sets_a_new_password_once(portal: Portal, carys: Person) -> None:
    session = portal.sign_in(carys)
    assert _ask(portal, "CARYS@bryn.example").status_code == 202
    token = _token(portal)
    assert _choose(portal, token).status_code == 204
    again = _choose(portal, token)
    assert (again.status_code, (again.json or {})["type"]) == (401, "urn:iamis:problem:link-ended")
    assert portal.begin(carys).status_code == 401
    assert portal.begin(carys, password=NEW).status_code == 200
    assert portal.refresh(session["refresh_token"]).status_code == 401
    stale = portal.call("GET", "/me", token=session["access_token"])
    assert (stale.status_code, (stale.json or {})["type"]) == (401, "urn:iamis:problem:stale-token")
    assert len(queued(portal.service.database, "password-changed")) == 1


def test_known_and_unknown_addresses_are_answered_alike(portal: Portal, carys: Person) -> None:
    gone = portal.add("gone@bryn.example")
    with portal.service.transaction() as session:
        session.get_one(User, gone.id).status = "deactivated"
    answers = [
        _ask(portal, email)
        for email in (carys.email, gone.email, "nobody@bryn.example", "", "\x00")
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, '{"asked": true}')}
    assert [mail.to for mail in _links(portal)] == ["Carys Griffiths <carys@bryn.example>"]


def test_a_link_of_an_unknown_address_opens_nothing(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_urlsafe", lambda _size: "known-token")
    _ask(portal, "nobody@bryn.example")
    assert _choose(portal, "known-token").status_code == 401
    with portal.service.database.reading() as session:
        assert len(rows_of(session, PasswordReset)) == 1


def test_a_link_is_good_for_half_an_hour(portal: Portal, carys: Person, later: Later) -> None:
    _ask(portal, carys.email)
    later(minutes=30)
    assert _choose(portal, _token(portal)).status_code == 401
    _ask(portal, carys.email)
    later(minutes=29)
    assert _choose(portal, _token(portal)).status_code == 204


def test_a_used_link_ends_the_others(portal: Portal, carys: Person) -> None:
    _ask(portal, carys.email)
    first = _token(portal)
    _ask(portal, carys.email)
    assert _choose(portal, _token(portal)).status_code == 204
    assert _choose(portal, first, "another-quiet-valley").status_code == 401


def test_nobody_is_flooded_with_links(portal: Portal, carys: Person, later: Later) -> None:
    assert {_ask(portal, carys.email).status_code for _each in range(8)} == {202}
    assert len(_links(portal)) == 3
    later(hours=1)
    _ask(portal, carys.email)
    assert len(_links(portal)) == 4


def test_an_address_that_asks_for_many_is_stopped(portal: Portal, carys: Person) -> None:
    answers = [_ask(portal, f"teacher{number}@bryn.example").status_code for number in range(61)]
    assert answers == [202] * 60 + [429]
    assert _ask(portal, carys.email, address="203.0.113.5").status_code == 202


def test_a_link_does_not_stand_in_for_the_second_factor(portal: Portal, carys: Person) -> None:
    _ask(portal, carys.email)
    _choose(portal, _token(portal))
    assert (portal.begin(carys, password=NEW).json or {})["mfa"] == "totp"


def test_who_was_invited_can_ask_for_a_link(portal: Portal) -> None:
    new = portal.add(
        "new@bryn.example", enrolled=False, invited=True, places=(Place("68101", "user"),)
    )
    _ask(portal, new.email)
    assert _choose(portal, _token(portal)).status_code == 204
    begun = portal.begin(new, password=NEW).json or {}
    assert (begun["mfa"], "password_change" in begun) == ("enrol", False)


BAD = {
    "short": "at least|12|characters",
    "x" * 257: "256",
    "carysgriffiths1": "name",
    "password1234": "breaches",
    "PASSWORD1234": "breaches",
    "correcthorsebatterystaple": "breaches",
}


@pytest.mark.parametrize("password", BAD)
def test_a_poor_password_is_refused_everywhere(
    portal: Portal, carys: Person, password: str
) -> None:
    token = portal.sign_in(carys)["access_token"]
    _ask(portal, carys.email)
    body = {"current_password": PASSWORD, "new_password": password}
    for answer in (
        _choose(portal, _token(portal), password),
        portal.post("/me/password", body, token=token),
    ):
        assert answer.status_code == 422, password
        (error,) = (answer.json or {})["errors"]
        assert error["pointer"] == "/new_password"
        assert any(word in error["detail"] for word in BAD[password].split("|"))


def _change(portal: Portal, token: str, **changed: Any) -> TestResponse:
    body = {"current_password": PASSWORD, "new_password": NEW} | changed
    return portal.post("/me/password", body, token=token)


def test_a_change_ends_every_other_session(portal: Portal, carys: Person, later: Later) -> None:
    here = portal.sign_in(carys)
    later(seconds=30)
    there = portal.sign_in(carys, address=ELSEWHERE)
    assert _change(portal, here["access_token"]).status_code == 204
    assert portal.call("GET", "/me", token=there["access_token"]).status_code == 401
    assert portal.refresh(there["refresh_token"]).status_code == 401
    renewed = portal.refresh(here["refresh_token"])
    assert renewed.status_code == 200
    token = (renewed.json or {})["access_token"]
    assert portal.call("GET", "/me", token=token).status_code == 200
    assert portal.begin(carys, password=NEW).status_code == 200


def test_without_the_password_nothing_is_changed(portal: Portal, carys: Person) -> None:
    token = portal.sign_in(carys)["access_token"]
    answers = [_change(portal, token, current_password="wrong") for _each in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert (answers[0].json or {})["errors"][0]["pointer"] == "/current_password"
    assert _change(portal, token).status_code == 429
    with portal.service.database.reading() as session:
        assert len(rows_of(session, FailedAttempt)) == 10


def test_a_right_password_counts_towards_nothing(portal: Portal, carys: Person) -> None:
    token = portal.sign_in(carys)["access_token"]
    assert _change(portal, token, new_password="short").status_code == 422
    with portal.service.database.reading() as session:
        assert rows_of(session, FailedAttempt) == []


def test_nothing_secret_is_in_the_trail(portal: Portal, carys: Person) -> None:
    _ask(portal, carys.email)
    token = _token(portal)
    _choose(portal, token)
    with portal.service.database.reading() as session:
        rows = rows_of(session, AuditRow)
        actions = {row.action for row in rows}
        told = " ".join(f"{row.before}{row.after}{row.why}" for row in rows)
    assert {"password.link_asked", "password.reset"} <= actions
    for secret in (token, NEW, PASSWORD):
        assert secret not in told


def test_one_hundred_wrong_passwords_tell_nothing(portal: Portal, carys: Person) -> None:
    """Neither whether the account is there, nor do they keep its owner out elsewhere."""

    def answers(email: str) -> list[tuple[int, str, str]]:
        body = {"email": email, "password": "a-wrong-password"}
        tried = [portal.post("/sign-in", body, address="203.0.113.9") for _each in range(100)]
        return [(a.status_code, (a.json or {})["type"], (a.json or {})["detail"]) for a in tried]

    assert answers(carys.email) == answers("nobody@bryn.example")
    assert portal.sign_in(carys, address=ELSEWHERE)["user"]["id"] == carys.id


def test_a_new_password_ends_sign_ins_that_were_begun_with_the_old(portal: Portal) -> None:
    new = portal.add("new@bryn.example", enrolled=False)
    begun = portal.begin(new).json or {}
    assert begun["mfa"] == "enrol"
    _ask(portal, new.email)
    assert _choose(portal, _token(portal)).status_code == 204
    shown = code(begun["enrol"]["secret"])
    assert portal.confirm(begun, shown).status_code == 401


def test_a_changed_password_uses_up_the_links_that_were_mailed(
    portal: Portal, carys: Person
) -> None:
    _ask(portal, carys.email)
    token = portal.sign_in(carys)["access_token"]
    changed = {"current_password": PASSWORD, "new_password": NEW}
    assert portal.post("/me/password", changed, token=token).status_code == 204
    assert _choose(portal, _token(portal), "another-quiet-valley").status_code == 401
