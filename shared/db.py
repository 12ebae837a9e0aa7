"""Database sessions: SQLite and PostgreSQL behind one door, and the only commit of a service.

`Database.reading()` is for looking, `Database.transaction()` for changing: it commits once, at its
end, or not at all. `Database.run()` is a transaction that is begun anew when it lost a race, and
`Database.asking()` is for a question or two.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, delete, select, text, tuple_
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from shared.engine import WRITES, is_postgresql, make_engine, take_time

_WAKE = "iamis_wake"
_AFTER = "iamis_after"
OUTBOX_CHANNEL = "iamis_outbox"

# Of a table whose rows are added and never changed: the grants of the runtime role keep it so.
APPEND_ONLY = {"append_only": True}

# Races that the loser may run again: serialisation failure, deadlock, and a row that another
# transaction has inserted between our look and our insert.
LOST_RACES = frozenset({"40001", "40P01", "23505"})
# A database that is not itself at present: by PostgreSQL's codes (connection, resources, system,
# shutting down or starting, standby), and by SQLite's (busy, read-only, input and output, full,
# cannot be opened).
AWAY_CLASSES = ("08", "53", "58", "57P", "25006")
AWAY_SQLITE = frozenset({5, 8, 10, 13, 14})
ATTEMPTS = 5
LONGEST_PAUSE_MS = 100

Result = TypeVar("Result")

log = logging.getLogger(__name__)


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


def wake_relay(session: Session) -> None:
    """Ask that the outbox relay be woken when this transaction has committed."""
    if session.info.get(_WAKE):
        return
    session.info[_WAKE] = True
    if is_postgresql(session.connection()):
        # Sent with the commit, to a relay in whatever process.
        session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": OUTBOX_CHANNEL})


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Have `act` done when this transaction has committed, and not where it is undone."""
    session.info.setdefault(_AFTER, []).append(act)


def forget(session: Session, table: type[DeclarativeBase], *which: ColumnElement[bool]) -> None:
    """Delete rows that are over, but for those that others hold: they are deleting them too."""
    key = table.__mapper__.primary_key
    over = select(*key).where(*which).with_for_update(skip_locked=True)
    session.execute(
        delete(table).where(tuple_(*key).in_(over)),
        execution_options={"synchronize_session": False},
    )


class Database:
    """One service's database; in metrics it bears the name of `service`."""

    def __init__(self, url: str, service: str = "") -> None:
        self.service = service
        self.engine = make_engine(url, service)
        self._writer = self.engine.execution_options(**{WRITES: True})
        self._reader = _reader(self.engine)
        self._asker = _asker(self.engine)
        self.on_outbox: Callable[[], None] = lambda: None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment, and is rolled back at its end: for looking only."""
        with Session(self._reader) as session:
            yield session

    @contextmanager
    def reading_on(self) -> Iterator[Session]:
        """As `reading`, for as long as it takes."""
        with self.reading() as session:
            connection = session.connection()
            if is_postgresql(connection):
                take_time(connection)
            yield session

    @contextmanager
    def asking(self) -> Iterator[Session]:
        """A session whose every query sees its own moment: cheaper, for looking only."""
        with Session(self._asker) as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits once at its end; an exception undoes all of it."""
        with Session(self._writer) as session:
            yield session
            session.commit()
            wake, acts = session.info.get(_WAKE, False), session.info.get(_AFTER, ())
        if wake:
            self.on_outbox()
        for act in acts:
            act()

    def run(self, work: Callable[[Session], Result]) -> Result:
        """Do `work` in a transaction, again from its beginning where it lost a race.

        So `work` changes nothing but the database, and may be called several times.
        """
        for attempt in range(1, ATTEMPTS):
            try:
                with self.transaction() as session:
                    return work(session)
            except (DBAPIError, StaleDataError) as error:
                if not lost_a_race(error):
                    raise
                log.info("lost a race", extra={"attempt": attempt, "to": type(error).__name__})
            time.sleep(secrets.randbelow(LONGEST_PAUSE_MS) / 1000)
        with self.transaction() as session:
            return work(session)

    def close(self) -> None:
        self.engine.dispose()


def _reader(engine: Engine) -> Engine:
    """As SQLite shows every transaction one state, so shall PostgreSQL those that only look."""
    if not is_postgresql(engine):
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _asker(engine: Engine) -> Engine:
    """Where a transaction costs two more messages there and back, it is done without."""
    if not is_postgresql(engine):
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def lost_a_race(error: SQLAlchemyError) -> bool:
    """Whether the same may go well now; SQLite's one writer at a time runs no race."""
    if isinstance(error, DBAPIError):
        return getattr(error.orig, "sqlstate", None) in LOST_RACES
    return isinstance(error, StaleDataError)


def is_away(error: Exception) -> bool:
    """Whether the database cannot be worked with at present, whatever is asked of it."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlstate", None)
    if code:
        return str(code).startswith(AWAY_CLASSES)
    sqlite = getattr(error.orig, "sqlite_errorcode", None)
    if sqlite is not None:
        return sqlite & 0xFF in AWAY_SQLITE
    # Without a code, nobody has answered.
    return error.connection_invalidated or isinstance(error, OperationalError)
