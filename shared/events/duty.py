"""Which relay of a service publishes, and what wakes it.

However many copies of a service there are, one relay is on duty. On PostgreSQL that is who holds
a lock of the database: the lock ends with the holder's connection, and then another takes it.
Commits wake it by NOTIFY. SQLite has one process to a service, and so one relay.
"""

import logging
import threading
from typing import Protocol

import psycopg

from shared.db import OUTBOX_CHANNEL, Database
from shared.engine import is_postgresql
from shared.locks import NamedLock

LOCK = "relay"

log = logging.getLogger(__name__)


class Duty(Protocol):
    """Asked by a relay before each round, and waited with after it."""

    def take(self) -> bool:
        """Whether this relay is on duty; raises where the database cannot tell."""

    def wait(self, seconds: float) -> None:
        """Wait so long, or until there may be something to publish."""

    def wake(self) -> None:
        """End the wait, or the next one, of the relay of this process."""

    def leave(self) -> None:
        """Let another be on duty."""


class SoleDuty:
    """There is no other relay."""

    def __init__(self) -> None:
        self._woken = threading.Event()

    def take(self) -> bool:
        return True

    def wait(self, seconds: float) -> None:
        self._woken.wait(seconds)
        # Before the round that follows reads: what is committed after that wakes it again.
        self._woken.clear()

    def wake(self) -> None:
        self._woken.set()

    def leave(self) -> None:
        """Nobody waits for it."""


class SharedDuty:
    """One of many relays, on the database they have in common."""

    def __init__(self, database: Database) -> None:
        self._lock = NamedLock(database.engine, LOCK)
        self._woken = threading.Event()

    def take(self) -> bool:
        try:
            if self._lock.is_held:
                # Asked each time: whoever has lost the connection has lost the lock.
                self._lock.check()
                # What came meanwhile is one reason to look, and is not to pile up.
                list(self._lock.connection.notifies(timeout=0))
                return True
            if not self._lock.take():
                return False
            self._lock.connection.execute(f"LISTEN {OUTBOX_CHANNEL}".encode())
        except Exception:
            self._lock.release()
            raise
        log.info("this relay is on duty")
        return True

    def wait(self, seconds: float) -> None:
        if not self._lock.is_held:
            self._woken.wait(seconds)
            self._woken.clear()
            return
        try:
            # The first ends the wait.
            list(self._lock.connection.notifies(timeout=seconds, stop_after=1))
        except psycopg.Error:
            log.warning("the connection of the relay is lost")
            self._lock.release()

    def wake(self) -> None:
        self._woken.set()

    def leave(self) -> None:
        self._lock.release()


def duty_on(database: Database) -> Duty:
    return SharedDuty(database) if is_postgresql(database.engine) else SoleDuty()
