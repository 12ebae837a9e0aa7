"""Whoever loses a race in the database while signing in or choosing a password learns nothing."""

import pytest

from services.identity.commands import passwords, sessions
from tests.support.mailbox import queued
from tests.support.races import losing_once
from tests.unit.identity.people import Person, Portal

NEW = "a-quiet-green-valley"


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys@bryn.example")


def test_a_code_is_taken(portal: Portal, carys: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "start", losing_once(sessions.start))
    assert portal.sign_in(carys)["access_token"]


def test_a_recovery_code_is_taken(
    portal: Portal, carys: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = portal.sign_in(carys)["access_token"]
    made = portal.post("/me/recovery-codes", {"password": carys.password}, token=token)
    begun = portal.begin(carys).json or {}
    monkeypatch.setattr(sessions, "start", losing_once(sessions.start))
    body = {"challenge": begun["challenge"], "code": (made.json or {})["codes"][0]}
    assert portal.post("/sign-in/recovery", body).status_code == 200


def test_the_first_password_is_chosen(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = portal.begin(portal.add("sian@bryn.example", enrolled=False, invited=True)).json or {}
    monkeypatch.setattr(passwords, "set_password", losing_once(passwords.set_password))
    body = {"challenge": begun["challenge"], "new_password": NEW}
    chosen = portal.post("/sign-in/password", body)
    assert (chosen.status_code, (chosen.json or {})["mfa"]) == (200, "enrol")


def test_another_password_is_chosen_by_a_link(
    portal: Portal, carys: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.post("/password/forgotten", {"email": carys.email})
    (mail,) = queued(portal.service.database, "password-reset")
    monkeypatch.setattr(sessions, "end_all", losing_once(sessions.end_all))
    body = {"token": mail.text.partition("token=")[2].split()[0], "new_password": NEW}
    assert portal.post("/password/reset", body).status_code == 204
    assert portal.begin(carys, password=NEW).status_code == 200


def test_a_password_is_changed(
    portal: Portal, carys: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = portal.sign_in(carys)["access_token"]
    monkeypatch.setattr(sessions, "end_all", losing_once(sessions.end_all))
    body = {"current_password": carys.password, "new_password": NEW}
    assert portal.post("/me/password", body, token=token).status_code == 204
    assert portal.begin(carys, password=NEW).status_code == 200
