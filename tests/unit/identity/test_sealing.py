"""Secrets of authenticator apps cannot be read from the database."""

from pathlib import Path

import pyotp
from alembic import command
from sqlalchemy import text

from services.identity.app import SERVICE
from services.identity.models import User
from shared import migrate
from shared.db import Database
from tests.unit.identity.people import Portal

# A row as revision 0001 had it, with a secret anybody could read.
BEFORE = text(
    "INSERT INTO users (id, kind, email, email_key, first_name, last_name, search_key, language,"
    " address, password_hash, must_change_password, totp_secret, totp_last_timecode,"
    " access_version, status, created_at)"
    " VALUES ('u1', 'board', 'a@b.example', 'a@b.example', 'Lech', 'Wałęsa', 'wałesa', 'en', '',"
    " '', 0, :secret, 0, 1, 'active', '2031-05-01 12:00:00')"
)


# What refers to a row while its table is changed.
STANDING = text(
    "INSERT INTO memberships (user_id, centre_no, account_type, iamis, status)"
    " VALUES ('u1', '68101', 'user', 1, 'active')"
)


def test_a_secret_is_sealed_as_it_is_kept(portal: Portal) -> None:
    carys = portal.add("carys@bryn.example")
    with portal.service.database.reading() as session:
        stored = session.scalars(text("SELECT totp_secret FROM users")).one()
        assert carys.secret not in stored
        assert session.get_one(User, carys.id).totp_secret == carys.secret


def test_what_was_there_before_is_sealed_by_the_migration(home: Path) -> None:
    database = Database(f"sqlite:///{home / 'old.sqlite'}")
    chain, secret = migrate.chain_of(SERVICE), pyotp.random_base32()
    with database.engine.begin() as connection:
        command.upgrade(chain.config(connection), "0001")
        connection.execute(BEFORE, {"secret": secret})
        connection.execute(text("INSERT INTO centres (no, name) VALUES ('68101', 'Bryn')"))
        connection.execute(STANDING)
    migrate.upgrade(database.engine, chain)
    with database.reading() as session:
        assert secret not in session.scalars(text("SELECT totp_secret FROM users")).one()
        assert session.get_one(User, "u1").totp_secret == secret
        assert session.get_one(User, "u1").search_key == "walesa lech"
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        assert session.execute(text("SELECT user_id FROM memberships")).scalar_one() == "u1"
    database.close()
