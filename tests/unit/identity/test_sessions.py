"""Refreshing and ending sessions: rotation, the grace of two tabs, and reuse."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from services.identity.commands import sessions
from services.identity.commands.accounts import raise_access_version
from services.identity.models import Family, RefreshToken, User
from shared.errors import UnauthenticatedError
from tests.support.service import rows_of
from tests.unit.identity.people import Person, Portal

Later = Callable[..., None]


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys@bryn.example")


@pytest.fixture
def signed_in(portal: Portal, carys: Person) -> dict[str, Any]:
    return portal.sign_in(carys)


def _trade(portal: Portal, token: str) -> str:
    answer = portal.refresh(token)
    assert answer.status_code == 200, answer.text
    return str((answer.json or {})["refresh_token"])


def test_a_refresh_answers_as_the_sign_in_did(portal: Portal, signed_in: dict[str, Any]) -> None:
    answer = portal.refresh(signed_in["refresh_token"]).json or {}
    assert set(answer) == set(signed_in)
    assert answer["user"] == signed_in["user"]
    assert answer["refresh_token"] != signed_in["refresh_token"]
    assert portal.call("GET", "/me", token=answer["access_token"]).status_code == 200


def test_each_token_leads_to_the_next(
    portal: Portal, signed_in: dict[str, Any], later: Later
) -> None:
    token = signed_in["refresh_token"]
    for _ in range(4):
        later(hours=1)
        token = _trade(portal, token)


def test_two_tabs_within_the_grace_both_go_on(
    portal: Portal, signed_in: dict[str, Any], later: Later
) -> None:
    one = _trade(portal, signed_in["refresh_token"])
    later(seconds=9)
    other = _trade(portal, signed_in["refresh_token"])
    assert one != other
    later(minutes=1)
    _trade(portal, one)
    _trade(portal, other)


def test_reuse_after_the_grace_ends_the_family(
    portal: Portal, carys: Person, signed_in: dict[str, Any], later: Later
) -> None:
    newest = _trade(portal, signed_in["refresh_token"])
    later(seconds=31)
    another = portal.sign_in(carys)["refresh_token"]
    assert portal.refresh(signed_in["refresh_token"]).status_code == 401
    assert portal.refresh(newest).status_code == 401
    assert portal.refresh(another).status_code == 200
    with portal.service.database.reading() as session:
        ended = [family.ended_why for family in rows_of(session, Family) if family.ended_at]
    assert ended == ["reuse"]


def test_reuse_ends_the_access_tokens_too(
    portal: Portal, signed_in: dict[str, Any], later: Later
) -> None:
    newest = portal.refresh(signed_in["refresh_token"]).json or {}
    later(seconds=31)
    assert portal.call("GET", "/me", token=newest["access_token"]).status_code == 200
    portal.refresh(signed_in["refresh_token"])
    for token in (signed_in["access_token"], newest["access_token"]):
        stale = portal.call("GET", "/me", token=token)
        assert (stale.json or {})["type"] == "urn:iamis:problem:stale-token"
    (told,) = portal.service.emitted("user.access_changed.v1")
    assert told.data["tokens_from"] == 2


def test_two_refreshes_at_once_leave_one_family_alive(
    portal: Portal, signed_in: dict[str, Any], later: Later
) -> None:
    """And a third, later, with the traded token, kills it."""
    answers: list[sessions.TokenAnswer] = []
    together = threading.Barrier(6)

    def refresh() -> None:
        together.wait(10)
        answers.append(sessions.refresh(portal.service.database, signed_in["refresh_token"]))

    threads = [threading.Thread(target=refresh) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    tokens = {answer["refresh_token"] for answer in answers}
    assert len(tokens) == 6
    with portal.service.database.reading() as session:
        families = rows_of(session, Family)
        assert [family.ended_at for family in families] == [None]
        traded = session.scalars(
            select(RefreshToken).where(RefreshToken.rotated_at.is_not(None))
        ).all()
        assert len(traded) == 1
    later(seconds=31)
    with pytest.raises(UnauthenticatedError):
        sessions.refresh(portal.service.database, signed_in["refresh_token"])
    assert {portal.refresh(token).status_code for token in tokens} == {401}


@pytest.mark.parametrize("hours", [12, 24])
def test_an_idle_session_ends(
    portal: Portal, signed_in: dict[str, Any], later: Later, hours: int
) -> None:
    later(hours=hours)
    assert portal.refresh(signed_in["refresh_token"]).status_code == 401


def test_no_session_lasts_longer_than_a_week(
    portal: Portal, signed_in: dict[str, Any], later: Later
) -> None:
    token = signed_in["refresh_token"]
    for _ in range(15):
        later(hours=11)
        token = _trade(portal, token)
    later(hours=3)
    assert portal.refresh(token).status_code == 401


def test_a_token_made_up_is_refused(portal: Portal) -> None:
    assert portal.refresh("made-up").status_code == 401


def test_only_hashes_are_stored(portal: Portal, signed_in: dict[str, Any]) -> None:
    with portal.service.database.reading() as session:
        stored = [row.token_hash for row in rows_of(session, RefreshToken)]
    assert len(stored) == 1
    assert signed_in["refresh_token"] not in stored[0]


def test_signing_out_with_the_refresh_token_ends_its_family(
    portal: Portal, carys: Person, signed_in: dict[str, Any], later: Later
) -> None:
    newest = _trade(portal, signed_in["refresh_token"])
    later(minutes=1)
    another = portal.sign_in(carys)["refresh_token"]
    answer = portal.post("/sign-out", {"refresh_token": newest})
    assert (answer.status_code, answer.data) == (204, b"")
    assert portal.post("/sign-out", {"refresh_token": newest}).status_code == 204
    assert portal.refresh(newest).status_code == 401
    assert portal.refresh(another).status_code == 200


def test_signing_out_ends_the_access_tokens_of_that_session_alone(
    portal: Portal, carys: Person, signed_in: dict[str, Any], later: Later
) -> None:
    later(minutes=1)
    another = portal.sign_in(carys)["access_token"]
    portal.post("/sign-out", {"refresh_token": signed_in["refresh_token"]})
    refused = portal.call("GET", "/me/sessions", token=signed_in["access_token"])
    assert (refused.status_code, (refused.json or {})["type"]) == (
        401,
        "urn:iamis:problem:stale-token",
    )
    assert portal.call("GET", "/me/sessions", token=another).status_code == 200
    (told,) = portal.service.emitted("user.access_changed.v1")
    assert (told.data["access_version"], told.data["tokens_from"]) == (2, 1)
    assert len(told.data["ended_sessions"]) == 1


def test_an_ended_session_is_named_as_long_as_its_tokens_live(
    portal: Portal, carys: Person, signed_in: dict[str, Any], later: Later
) -> None:
    portal.post("/sign-out", {"refresh_token": signed_in["refresh_token"]})
    for minutes in (9, 3):
        later(minutes=minutes)
        again = portal.sign_in(carys)["refresh_token"]
        portal.post("/sign-out", {"refresh_token": again})
    told = portal.service.emitted("user.access_changed.v1")
    assert [len(event.data["ended_sessions"]) for event in told] == [1, 2, 2]


@pytest.mark.parametrize(
    "options",
    [{}, {"json": {}}, {"json": {"refresh_token": None}}, {"content_type": "application/json"}],
)
def test_signing_out_with_the_access_token_ends_its_session(
    portal: Portal, carys: Person, signed_in: dict[str, Any], later: Later, options: dict[str, Any]
) -> None:
    later(minutes=1)
    another = portal.sign_in(carys)["refresh_token"]
    token = signed_in["access_token"]
    assert portal.call("POST", "/sign-out", token=token, **options).status_code == 204
    assert portal.refresh(signed_in["refresh_token"]).status_code == 401
    assert portal.refresh(another).status_code == 200


def test_signing_out_as_nobody_is_refused(portal: Portal) -> None:
    assert portal.call("POST", "/sign-out").status_code == 401
    assert portal.call("POST", "/sign-out", token="made.up").status_code == 401


def test_a_change_of_access_refuses_the_token_and_a_refresh_gives_a_good_one(
    portal: Portal, carys: Person, signed_in: dict[str, Any]
) -> None:
    with portal.service.transaction() as session:
        raise_access_version(session, session.get_one(User, carys.id))
    stale = portal.call("GET", "/me", token=signed_in["access_token"])
    assert (stale.status_code, (stale.json or {})["type"]) == (
        401,
        "urn:iamis:problem:stale-token",
    )
    fresh = (portal.refresh(signed_in["refresh_token"]).json or {})["access_token"]
    assert portal.call("GET", "/me", token=fresh).status_code == 200
    told = portal.service.emitted("user.access_changed.v1")
    assert [event.data["access_version"] for event in told] == [2]


def test_an_access_token_lasts_ten_minutes(
    portal: Portal, signed_in: dict[str, Any], later: Later
) -> None:
    later(seconds=595)
    assert portal.call("GET", "/me", token=signed_in["access_token"]).status_code == 200
    later(seconds=15)
    answer = portal.call("GET", "/me", token=signed_in["access_token"])
    assert (answer.status_code, (answer.json or {})["type"]) == (401, "urn:iamis:problem:expired")


def test_a_deactivated_account_refreshes_no_more(
    portal: Portal, carys: Person, signed_in: dict[str, Any]
) -> None:
    with portal.service.transaction() as session:
        session.get_one(User, carys.id).status = "deactivated"
    assert portal.refresh(signed_in["refresh_token"]).status_code == 401
