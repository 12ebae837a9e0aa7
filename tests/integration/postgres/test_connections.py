"""The connections of a service to PostgreSQL: kept, and one that has ended is never handed out."""

from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import text

from shared import engine
from shared.db import Database
from shared.launcher.postgres import Postgres
from shared.pool import WatchedPool
from tests.integration.postgres.conftest import Start


@pytest.fixture
def database(start: Start) -> Database:
    return start("uploads").database


def ask(database: Database) -> None:
    with database.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1


def end_connections(database: Database, server: Postgres) -> None:
    """Have the server end every connection of the database, and wait until it has."""
    ended = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s"
    with server.admin() as admin:
        told = admin.execute(ended, [database.engine.url.database]).fetchall()
    assert told
    assert set(told) == {(True,)}


def all_at_once(database: Database) -> set[int]:
    """Have as many as there may be in use at once; the processes of the server behind them."""
    pool = database.engine.pool
    assert isinstance(pool, WatchedPool)
    with ExitStack() as held:
        sessions = [held.enter_context(database.asking()) for _each in range(pool.limit)]
        return {session.scalars(text("SELECT pg_backend_pid()")).one() for session in sessions}


def test_those_that_were_in_use_at_once_are_kept(database: Database) -> None:
    opened = all_at_once(database)
    assert all_at_once(database) == opened


def test_one_that_the_server_ended_is_replaced(database: Database, server: Postgres) -> None:
    ask(database)
    end_connections(database, server)
    ask(database)


def test_only_one_that_was_idle_is_asked_whether_it_lives(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pings: list[object] = []
    ping = database.engine.dialect.do_ping

    def counted(asked: Any) -> bool:
        pings.append(asked)
        return ping(asked)

    monkeypatch.setattr(database.engine.dialect, "do_ping", counted)
    # However busy the machine is.
    monkeypatch.setattr(engine, "FRESH_SECONDS", 3600.0)
    ask(database)
    ask(database)
    assert pings == []
    monkeypatch.setattr(engine, "FRESH_SECONDS", 0.0)
    ask(database)
    assert len(pings) == 1
