"""The embedded bus: one SQLite file that keeps what a broker would.

For one machine without servers. It keeps the promises of `shared.bus`: durable at publish, a
queue per consumer, redelivery after a crash, the retry ladder and dead letters. A consumer is
woken by a datagram on loopback; a timer is the fallback.
"""

import itertools
import logging
import os
import socket
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from shared import clock
from shared.bus import (
    RETRY_LADDER_SECONDS,
    Binding,
    BusError,
    DeadLetter,
    Handle,
    Message,
)
from shared.bus.topics import matches

POLL_SECONDS = 0.5
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

log = logging.getLogger(__name__)
_instances = itertools.count(1)
# The holders of this process that are in use: what a closed one holds is given back.
_open: set[str] = set()


def _process(pid: int) -> str:
    """The process as it is known for its life: a number used again names another process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    # After the name, which may hold anything; field 22 is the time it started.
    return f"{pid}:{stat.rpartition(')')[2].split()[19]}"


def _alive(holder: str) -> bool:
    process, _colon, _instance = holder.rpartition(":")
    if process == _process(os.getpid()):
        return holder in _open
    return _process(int(process.partition(":")[0])) == process


class EmbeddedBus:
    """An adapter of `shared.bus.Bus` over the SQLite file at `path`."""

    def __init__(
        self, path: Path, ladder: Sequence[float] = RETRY_LADDER_SECONDS, poll: float = POLL_SECONDS
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._ladder = ladder
        self._poll = poll
        self._holder = f"{_process(os.getpid())}:{next(_instances)}"
        _open.add(self._holder)
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
                raise BusError(message) from error
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def declare(self, queue: str, bindings: Sequence[Binding]) -> None:
        rows = [(queue, binding.exchange, binding.pattern) for binding in bindings]
        with self._transaction() as cursor:
            cursor.execute("DELETE FROM bindings WHERE queue = ?", (queue,))
            cursor.executemany("INSERT INTO bindings VALUES (?, ?, ?)", rows)

    def publish(self, messages: Sequence[Message]) -> set[str]:
        if not messages:
            return set()
        unroutable: set[str] = set()
        woken: set[str] = set()
        with self._transaction() as cursor:
            bindings = cursor.execute("SELECT queue, exchange, pattern FROM bindings").fetchall()
            for message in messages:
                queues = {
                    queue
                    for queue, exchange, pattern in bindings
                    if exchange == message.exchange and matches(pattern, message.routing_key)
                }
                self._store(cursor, message, queues)
                woken |= queues
                if not queues:
                    unroutable.add(message.id)
        self._wake(woken)
        return unroutable

    @staticmethod
    def _store(cursor: sqlite3.Connection, message: Message, queues: set[str]) -> None:
        cursor.executemany(
            "INSERT INTO messages (queue, id, exchange, routing_key, body) VALUES (?, ?, ?, ?, ?)",
            [
                (queue, message.id, message.exchange, message.routing_key, message.body)
                for queue in sorted(queues)
            ],
        )

    def _wake(self, queues: set[str]) -> None:
        with self._lock:
            listeners = self._connection.execute("SELECT queue, port FROM listeners").fetchall()
        ports = [port for queue, port in listeners if queue in queues]
        if not ports:
            return
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
            for port in ports:
                datagram.sendto(b"!", ("127.0.0.1", port))

    def consume(self, queue: str, handle: Handle, stop: threading.Event) -> None:
        self._release_dead_holders(queue)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bell:
            bell.bind(("127.0.0.1", 0))
            bell.settimeout(self._poll)
            port = bell.getsockname()[1]
            self._listen(queue, port)
            try:
                while not stop.is_set():
                    if not self._deliver_one(queue, handle):
                        self._await(bell)
            finally:
                self._unlisten(port)

    @staticmethod
    def _await(bell: socket.socket) -> None:
        try:
            bell.recv(16)
        except TimeoutError:
            return

    def _listen(self, queue: str, port: int) -> None:
        with self._transaction() as cursor:
            cursor.execute("INSERT OR REPLACE INTO listeners VALUES (?, ?)", (queue, port))

    def _unlisten(self, port: int) -> None:
        with self._transaction() as cursor:
            cursor.execute("DELETE FROM listeners WHERE port = ?", (port,))

    def _deliver_one(self, queue: str, handle: Handle) -> bool:
        """Deliver the next message; False where none is due."""
        claimed = self._claim(queue)
        if claimed is None:
            return False
        position, attempts, message = claimed
        try:
            handle(message)
        except Exception as error:  # noqa: BLE001 - whatever it is, `_tell` logs it
            # Every failure of a handler takes the same way: the ladder, then the dead letters.
            self._again_or_park(position, attempts, error)
            self._tell(message, attempts, error)
        else:
            with self._transaction() as cursor:
                cursor.execute("DELETE FROM messages WHERE position = ?", (position,))
        return True

    def _tell(self, message: Message, attempts: int, error: Exception) -> None:
        told = {"event_id": message.id, "attempts": attempts + 1, "error": repr(error)}
        if attempts < len(self._ladder):
            log.warning("delivery failed, to be repeated", extra=told)
        else:
            log.error("delivery failed, given up", exc_info=error, extra=told)

    def _claim(self, queue: str) -> tuple[int, int, Message] | None:
        with self._transaction() as cursor:
            row = cursor.execute(
                "SELECT position, attempts, id, exchange, routing_key, body FROM messages"
                " WHERE queue = ? AND dead = 0 AND held_by IS NULL AND due <= ?"
                " ORDER BY position LIMIT 1",
                (queue, clock.now().timestamp()),
            ).fetchone()
            if row is None:
                return None
            cursor.execute(
                "UPDATE messages SET held_by = ? WHERE position = ?", (self._holder, row[0])
            )
        return row[0], row[1], Message(*row[2:])

    def _again_or_park(self, position: int, attempts: int, error: Exception) -> None:
        parked = attempts >= len(self._ladder)
        pause = 0.0 if parked else self._ladder[attempts]
        due = clock.now().timestamp() + pause
        with self._transaction() as cursor:
            cursor.execute(
                "UPDATE messages SET held_by = NULL, attempts = attempts + 1, due = ?, dead = ?,"
                " error = ? WHERE position = ?",
                (due, int(parked), f"{type(error).__name__}: {error}"[:2000], position),
            )

    def _release_dead_holders(self, queue: str) -> None:
        """Give back what a crashed process of this machine held."""
        with self._transaction() as cursor:
            held = cursor.execute(
                "SELECT DISTINCT held_by FROM messages WHERE queue = ? AND held_by IS NOT NULL",
                (queue,),
            ).fetchall()
            gone = [(queue, holder) for (holder,) in held if not _alive(holder)]
            cursor.executemany(
                "UPDATE messages SET held_by = NULL WHERE queue = ? AND held_by = ?", gone
            )

    def depth(self, queue: str) -> int:
        with self._transaction() as cursor:
            counted = cursor.execute(
                "SELECT count(*) FROM messages WHERE queue = ? AND dead = 0", (queue,)
            )
            return int(counted.fetchone()[0])

    def dead_letters(self, queue: str) -> list[DeadLetter]:
        with self._transaction() as cursor:
            rows = cursor.execute(
                "SELECT id, exchange, routing_key, body, error FROM messages"
                " WHERE queue = ? AND dead = 1 ORDER BY position",
                (queue,),
            ).fetchall()
        return [DeadLetter(Message(*row[:4]), row[4]) for row in rows]

    def close(self) -> None:
        """Give back what this instance holds, then close the file; again is nothing."""
        if self._holder not in _open:
            return
        _open.remove(self._holder)
        with self._transaction() as cursor:
            cursor.execute("UPDATE messages SET held_by = NULL WHERE held_by = ?", (self._holder,))
        self._connection.close()
