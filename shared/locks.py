"""Locks with a name, in the database: who holds one keeps others out, on whatever machine.

They are PostgreSQL's. SQLite needs none: it has one writer at a time, and one launcher per home.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, cast

import psycopg
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from shared.engine import is_postgresql

RETRY_SECONDS = 0.1

Driver = psycopg.Connection[tuple[object, ...]]


class LockTakenError(Exception):
    """Somebody else held the lock for too long."""


def number_of(name: str) -> int:
    """The number that PostgreSQL knows the lock by: 64 bits, signed."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def queue_for(session: Session, *names: str) -> None:
    """Have transactions that name the same queue here, each until the one before has ended.

    Several names are taken in one order, so that nobody waits in a circle.
    """
    if is_postgresql(session.connection()):
        lock = text("SELECT pg_advisory_xact_lock(:number)")
        for number in sorted(map(number_of, names)):
            session.execute(lock, {"number": number})


class NamedLock:
    """The lock `name` on a connection of its own: it ends with the connection, and so with us.

    What goes wrong with that connection is the driver's error (`psycopg.Error`).
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._number = number_of(name)
        self._connection: Driver | None = None
        self.is_held = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def take(self) -> bool:
        """Take it if it is free; True where it is ours. The connection stays for the next try."""
        if self._connection is None:
            self._connection = own_connection(self._engine)
        taken = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [self._number])
        self.is_held = taken.fetchone() == (True,)
        return self.is_held

    def check(self) -> None:
        """Raise where the connection, and the lock with it, is lost."""
        self.connection.execute("SELECT 1")

    def release(self) -> None:
        """Let it go, whatever became of the connection."""
        self.is_held = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def connection(self) -> Driver:
        """The connection that holds it, or would."""
        if self._connection is None:
            message = "the lock is not held"
            raise LockTakenError(message)
        return self._connection


def own_connection(engine: Engine) -> Driver:
    """A connection outside the pool, in autocommit: whoever asks closes it."""
    pooled = engine.raw_connection()
    driver = cast("Driver", pooled.driver_connection)
    pooled.detach()
    driver.autocommit = True
    return driver


@contextmanager
def held_alone(engine: Engine, name: str, seconds: float) -> Iterator[None]:
    """Hold the lock; `LockTakenError` where it is not to be had within `seconds`."""
    if not is_postgresql(engine):
        yield
        return
    with NamedLock(engine, name) as lock:
        deadline = time.monotonic() + seconds
        while not lock.take():
            if time.monotonic() > deadline:
                message = f"somebody else has held the lock {name!r} for {seconds:.0f} seconds"
                raise LockTakenError(message)
            time.sleep(RETRY_SECONDS)
        yield
