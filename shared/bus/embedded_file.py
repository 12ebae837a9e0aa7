"""The file of the embedded bus, and its transactions."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.bus import BusError, UnacceptableError

SCHEMA = """
CREATE TABLE IF NOT EXISTS bindings (
    queue TEXT NOT NULL, exchange TEXT NOT NULL, pattern TEXT NOT NULL,
    PRIMARY KEY (queue, exchange, pattern));
CREATE TABLE IF NOT EXISTS messages (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL, id TEXT NOT NULL, exchange TEXT NOT NULL, routing_key TEXT NOT NULL,
    body BLOB NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0,
    held_by TEXT, dead INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS ix_messages_waiting ON messages (queue, dead, position);
CREATE TABLE IF NOT EXISTS listeners (
    queue TEXT NOT NULL, port INTEGER NOT NULL, PRIMARY KEY (queue, port));
"""


class BusFile:
    """A connection to the file at `path`, which is made where it is missing."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                message = f"embedded bus: {error}"
                raise _kind_of(error)(message) from error
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")


def _kind_of(error: sqlite3.Error) -> type[BusError]:
    too_big = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_TOOBIG
    return UnacceptableError if too_big or isinstance(error, sqlite3.DataError) else BusError
