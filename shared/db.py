"""Database sessions: SQLite and PostgreSQL behind one door, and the only commit of a service.

`Database.reading()` is for looking, `Database.transaction()` for changing: it commits once, at its
end, or not at all. On SQLite a transaction begins IMMEDIATE, so two writers queue instead of
failing half-way, and `synchronous=FULL` makes a returned commit one that is on disk.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 5_000
_WRITES = "iamis_writes"
_WAKE = "iamis_wake"


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database, whatever the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"an instant needs its time zone: {value!r}"
            raise ValueError(message)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


TYPES: dict[Any, Any] = {datetime: UTCDateTime, dict[str, Any]: JSON, list[Any]: JSON}


class PlatformBase(DeclarativeBase):
    """Base of the tables that every service's database has (outbox, inbox, access)."""

    type_annotation_map = TYPES


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling would begin late and not IMMEDIATE; we send BEGIN.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_engine(url: str) -> Engine:
    # Parameters are hidden because errors are logged, and logs hold no personal data.
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def wake_relay(session: Session) -> None:
    """Ask that the outbox relay be woken when this transaction has committed."""
    session.info[_WAKE] = True


class Database:
    """One service's database."""

    def __init__(self, url: str) -> None:
        self.engine = _make_engine(url)
        self._writer = self.engine.execution_options(**{_WRITES: True})
        self.on_outbox: Callable[[], None] = lambda: None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that is rolled back at its end: for looking only."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits once at its end; an exception undoes all of it."""
        with Session(self._writer) as session:
            yield session
            session.commit()
            wake = session.info.get(_WAKE, False)
        if wake:
            self.on_outbox()

    def close(self) -> None:
        self.engine.dispose()
