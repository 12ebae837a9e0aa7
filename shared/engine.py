"""Engines: how SQLite and PostgreSQL are opened so that both keep the same promises.

SQLite: a transaction that writes begins IMMEDIATE, so two writers queue instead of failing
half-way, and `synchronous=FULL` makes a returned commit one that is on disk. PostgreSQL: every
wait has an end, for a lock, a connection or an answer, and the server notices a client that went
away.
"""

import select
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Dialect, Engine, ExceptionContext, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from shared.pool import WatchedPool, watch

BUSY_TIMEOUT_MS = 5_000
WRITES = "iamis_writes"
POSTGRESQL = "postgresql"

CONNECT_SECONDS = 5
# A server that works ends a statement itself (`statement_timeout`); one that hangs (a frozen disk)
# is left after this. Between transactions it is asked small things only: whether it is there, and
# who holds a lock.
ANSWER_SECONDS = 35.0
PING_SECONDS = 5.0
LOOK_SECONDS = 0.1
# The threads of one process, its consumer and its relay, each with one connection at a time. They
# are kept once they are opened: many requests at once would open and close them again and again.
POOL_SIZE = 16
POOL_WAIT_SECONDS = 5
RECYCLE_SECONDS = 1800
# A connection used so shortly before is not asked whether it lives, while the server is silent.
FRESH_SECONDS = 1.0
USED_AT = "iamis_used_at"
# What the server is told for each session; times without a unit are milliseconds.
SESSION = {
    "timezone": "UTC",
    "statement_timeout": "30s",
    "lock_timeout": f"{BUSY_TIMEOUT_MS}ms",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10s",
}
# The same for our side of the connection, in seconds (the last in milliseconds).
KEEPALIVE = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


Result = TypeVar("Result")


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is closed where the server hangs without dying."""

    bounded = True

    def wait(
        self, gen: PQGen[Result], interval: float = LOOK_SECONDS, timeout: float | None = None
    ) -> Result:
        if timeout is not None or not self.bounded:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, PING_SECONDS if self.autocommit else ANSWER_SECONDS)
        except psycopg.OperationalError as error:
            # Without a code the server has said nothing, and what it still says is no answer.
            if error.sqlstate is None:
                self.close()
            raise


def make_engine(url: str, service: str = "") -> Engine:
    """The engine of a database; parameters are hidden, for errors are logged.

    Its connections are counted as those of `service`.
    """
    parsed = make_url(url)
    made = _sqlite if parsed.get_backend_name() == "sqlite" else _postgresql
    engine = made(parsed, service)
    watch(engine)
    return engine


def is_postgresql(engine: Engine | Connection) -> bool:
    return engine.dialect.name == POSTGRESQL


def _postgresql(url: URL, service: str) -> Engine:
    options = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    connect = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "iamis",
        "options": options,
        **KEEPALIVE,
    }
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args=connect,
        poolclass=WatchedPool,
        pool_logging_name=service,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        pool_recycle=RECYCLE_SECONDS,
        pool_use_lifo=True,
        hide_parameters=True,
    )
    event.listen(engine, "do_connect", _bounded)
    event.listen(engine, "handle_error", _without_row)
    event.listen(engine, "checkin", _take_back)
    event.listen(engine, "checkout", partial(_require_life, engine.dialect))
    return engine


def _bounded(
    _dialect: object, _record: object, _arguments: object, parameters: dict[str, Any]
) -> BoundedConnection:
    return BoundedConnection.connect(**parameters)


def take_time(connection: Connection) -> None:
    """Let the statements of this transaction on PostgreSQL last as long as they need.

    Until its connection goes back to the pool.
    """
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    cast("BoundedConnection", connection.connection.driver_connection).bounded = False


def _take_back(connection: BoundedConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[USED_AT] = time.monotonic()
    if connection is not None:
        connection.bounded = True


def _require_life(
    dialect: Dialect,
    connection: psycopg.Connection,
    entry: ConnectionPoolEntry,
    _proxy: PoolProxiedConnection,
) -> None:
    """Have a connection that has ended replaced, and those beside it, before it is used."""
    used_at = entry.info.get(USED_AT)
    if used_at is None or (time.monotonic() - used_at < FRESH_SECONDS and _is_silent(connection)):
        return
    try:
        dialect.do_ping(connection)  # type: ignore[arg-type]  # SQLAlchemy types no driver
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def _is_silent(connection: psycopg.Connection) -> bool:
    """Whether nothing has come on an idle connection, not even its end."""
    if connection.closed:
        return False
    arrived = select.poll()
    arrived.register(connection.fileno(), select.POLLIN)
    return not arrived.poll(0)


def _without_row(context: ExceptionContext) -> None:
    """Leave to an error the rule that was broken, and not the row: it is logged, and has names."""
    error, told = context.original_exception, context.sqlalchemy_exception
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        error.args = (error.diag.message_primary,)
        if told:
            told.args = (f"({type(error).__name__}) {error}",)


def _sqlite(url: URL, service: str) -> Engine:
    pool: dict[str, Any] = {}
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        pool = {"poolclass": WatchedPool, "pool_logging_name": service}
    engine = create_engine(url, hide_parameters=True, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


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
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
