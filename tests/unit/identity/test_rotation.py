"""Changing the key of access tokens: planned, repeated, done, and in a hurry."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from alembic import command
from sqlalchemy import text

from services.identity.app import SERVICE
from services.identity.commands import keys
from services.identity.models import PrivateKey
from shared import migrate
from shared.audit import AuditRow
from shared.db import Database
from tests.support.service import KID, rows_of
from tests.support.together import together
from tests.unit.identity.people import Person, Portal

Later = Callable[..., None]


@pytest.fixture
def carys(portal: Portal) -> Person:
    return portal.add("carys@bryn.example")


def rotate(portal: Portal) -> str:
    with portal.service.transaction() as session:
        return keys.rotate(session).kid


def kid_of(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


def published(portal: Portal) -> set[str]:
    shown = portal.call("GET", "/.well-known/jwks.json").json or {}
    return {key["kid"] for key in shown["keys"]} - {KID}


def forget(portal: Portal) -> int:
    with portal.service.transaction() as session:
        return keys.forget(session)


def test_a_new_key_is_public_before_it_signs(portal: Portal, carys: Person, later: Later) -> None:
    tokens = portal.sign_in(carys)
    old = kid_of(tokens["access_token"])
    new = rotate(portal)
    assert published(portal) == {old, new}
    assert {key["kid"] for key in _last_told(portal)} == {old, new, KID}
    later(seconds=59)
    tokens = portal.refresh(tokens["refresh_token"]).json or {}
    assert kid_of(tokens["access_token"]) == old
    later(seconds=2)
    again = portal.refresh(tokens["refresh_token"]).json or {}
    assert kid_of(again["access_token"]) == new
    for token in (tokens["access_token"], again["access_token"]):
        assert portal.call("GET", "/me", token=token).status_code == 200


def _last_told(portal: Portal) -> list[dict[str, str]]:
    told: list[dict[str, str]] = portal.service.emitted("signing_keys.changed.v1")[-1].data["keys"]
    return told


def test_asked_again_the_plan_stays(portal: Portal, later: Later) -> None:
    new = rotate(portal)
    assert rotate(portal) == new
    assert together(lambda: rotate(portal), lambda: rotate(portal)) == [new, new]
    later(seconds=61)
    assert rotate(portal) != new


def test_the_old_key_goes_when_its_last_token_has_ended(
    portal: Portal, carys: Person, later: Later
) -> None:
    old = kid_of(portal.sign_in(carys)["access_token"])
    new = rotate(portal)
    later(seconds=60 + 600)
    assert forget(portal) == 0
    later(seconds=66)
    assert forget(portal) == 1
    assert published(portal) == {new}
    assert forget(portal) == 0
    with portal.service.database.reading() as session:
        done = {(row.action, row.subject) for row in rows_of(session, AuditRow)}
    assert {("key.added", f"keys/{new}"), ("key.removed", f"keys/{old}")} <= done


def test_a_leaked_key_is_good_for_nothing_at_once(portal: Portal, carys: Person) -> None:
    tokens = portal.sign_in(carys)
    with portal.service.transaction() as session:
        new = keys.revoke(session).kid
    assert published(portal) == {new}
    assert portal.call("GET", "/me", token=tokens["access_token"]).status_code == 401
    fresh = portal.refresh(tokens["refresh_token"]).json or {}
    assert portal.call("GET", "/me", token=fresh["access_token"]).status_code == 200


def test_private_keys_are_sealed_those_of_before_too(portal: Portal) -> None:
    with portal.service.database.reading() as session:
        assert "PRIVATE" not in session.scalars(text("SELECT pem FROM signing_keys_private")).one()
        assert "PRIVATE" in rows_of(session, PrivateKey)[0].pem


def test_the_migration_seals_what_was_there(portal: Portal, home: Path) -> None:
    with portal.service.database.reading() as session:
        pem = rows_of(session, PrivateKey)[0].pem
    database = Database(f"sqlite:///{home / 'old.sqlite'}")
    chain = migrate.chain_of(SERVICE)
    with database.engine.begin() as connection:
        command.upgrade(chain.config(connection), "0005")
        insert = "INSERT INTO signing_keys_private (kid, pem, created_at) VALUES (:kid, :pem, :at)"
        row = {"kid": "old", "pem": pem, "at": "2031-05-01 12:00:00"}
        connection.execute(text(insert), row)
    migrate.upgrade(database.engine, chain)
    with database.reading() as session:
        (key,) = rows_of(session, PrivateKey)
        assert (key.pem, key.signs_from - key.created_at) == (pem, timedelta())
        assert "PRIVATE" not in session.scalars(text("SELECT pem FROM signing_keys_private")).one()
    database.close()
