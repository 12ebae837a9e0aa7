"""The embedded bus: one SQLite file that keeps what a broker would.

For one machine without servers. It keeps the promises of `shared.bus`: durable at publish, a
queue per consumer, redelivery after a crash, the retry ladder and dead letters. A consumer is
woken by a datagram on loopback; a timer is the fallback.
"""

import logging
import socket
import sqlite3
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shared import clock
from shared.bus import (
    RETRY_LADDER_SECONDS,
    AwayError,
    Binding,
    Counts,
    DeadLetter,
    Failures,
    Handle,
    Message,
    holders,
    no_queue,
    nothing,
)
from shared.bus.embedded_file import BusFile
from shared.bus.failures import described, tell
from shared.bus.pauses import Pauses
from shared.bus.topics import matches

POLL_SECONDS = 0.5
# So many at a time are handed over.
TOGETHER = 50


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Held:
    """A message in hand, and how often it was handled in vain."""

    position: int
    attempts: int
    message: Message


class EmbeddedBus(BusFile):
    """An adapter of `shared.bus.Bus` over the SQLite file at `path`."""

    def __init__(
        self, path: Path, ladder: Sequence[float] = RETRY_LADDER_SECONDS, poll: float = POLL_SECONDS
    ) -> None:
        super().__init__(path)
        self._ladder = ladder
        self._poll = poll
        self._holder = holders.new_holder()

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

    def deliver(self, queue: str, messages: Sequence[Message]) -> None:
        with self._transaction() as cursor:
            self._require(cursor, queue)
            for message in messages:
                self._store(cursor, message, {queue})
        self._wake({queue})

    @staticmethod
    def _require(cursor: sqlite3.Connection, queue: str) -> None:
        known = cursor.execute("SELECT 1 FROM bindings WHERE queue = ?", (queue,)).fetchone()
        if known is None:
            raise no_queue(queue)

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

    def consume(
        self,
        queue: str,
        handle: Handle,
        stop: threading.Event,
        beat: Callable[[], None] = nothing,
    ) -> None:
        self._serve(queue, partial(self._deliver, queue, handle), stop, beat)

    def _serve(
        self,
        queue: str,
        deliver: Callable[[], bool],
        stop: threading.Event,
        beat: Callable[[], None] = nothing,
    ) -> None:
        """Call `deliver` while it finds messages, and again when there may be more."""
        self._release_dead_holders(queue)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bell:
            bell.bind(("127.0.0.1", 0))
            bell.settimeout(self._poll)
            port = bell.getsockname()[1]
            self._listen(queue, port)
            try:
                self._go_on(queue, deliver, bell, stop, beat)
            finally:
                self._unlisten(port)

    def _go_on(
        self,
        queue: str,
        deliver: Callable[[], bool],
        bell: socket.socket,
        stop: threading.Event,
        beat: Callable[[], None],
    ) -> None:
        absences = Pauses()
        while not stop.is_set():
            try:
                found = deliver()
            except AwayError as error:
                log.warning("not consuming", extra={"queue": queue, "error": str(error)})
                stop.wait(absences.failed())
                continue
            absences.succeeded()
            beat()
            if not found:
                self._await(bell)

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

    def _deliver(self, queue: str, handle: Handle) -> bool:
        """Deliver the next messages; False where none is due."""
        held = self._claim(queue)
        if not held:
            return False
        try:
            failures = handle([one.message for one in held])
        except AwayError:
            self._give_back()
            raise
        self._settle(held, failures)
        return True

    def _claim(self, queue: str, most: int = TOGETHER) -> list[Held]:
        """Take the oldest that are due, and no more than so many."""
        with self._transaction() as cursor:
            rows = cursor.execute(
                "SELECT position, attempts, id, exchange, routing_key, body FROM messages"
                " WHERE queue = ? AND dead = 0 AND held_by IS NULL AND due <= ?"
                " ORDER BY position LIMIT ?",
                (queue, clock.now().timestamp(), most),
            ).fetchall()
            cursor.executemany(
                "UPDATE messages SET held_by = ? WHERE position = ?",
                [(self._holder, row[0]) for row in rows],
            )
        return [Held(row[0], row[1], Message(*row[2:])) for row in rows]

    def _settle(self, held: Sequence[Held], failures: Failures) -> None:
        """Remove what was handled; what failed goes to the ladder, then to the dead letters."""
        done = [(one.position,) for place, one in enumerate(held) if place not in failures]
        with self._transaction() as cursor:
            cursor.executemany("DELETE FROM messages WHERE position = ?", done)
            for place, error in failures.items():
                self._again_or_park(cursor, held[place], error)
        for place, error in failures.items():
            tell(held[place].message, held[place].attempts, len(self._ladder), error)

    def _again_or_park(self, cursor: sqlite3.Connection, held: Held, error: Exception) -> None:
        parked = held.attempts >= len(self._ladder)
        pause = 0.0 if parked else self._ladder[held.attempts]
        due = clock.now().timestamp() + pause
        cursor.execute(
            "UPDATE messages SET held_by = NULL, attempts = attempts + 1, due = ?, dead = ?,"
            " error = ? WHERE position = ?",
            (due, int(parked), described(error), held.position),
        )

    def _give_back(self) -> None:
        """Let go of all that this instance holds."""
        with self._transaction() as cursor:
            cursor.execute("UPDATE messages SET held_by = NULL WHERE held_by = ?", (self._holder,))

    def _release_dead_holders(self, queue: str) -> None:
        """Give back what a crashed process of this machine held."""
        with self._transaction() as cursor:
            held = cursor.execute(
                "SELECT DISTINCT held_by FROM messages WHERE queue = ? AND held_by IS NOT NULL",
                (queue,),
            ).fetchall()
            gone = [(queue, holder) for (holder,) in held if not holders.is_alive(holder)]
            cursor.executemany(
                "UPDATE messages SET held_by = NULL WHERE queue = ? AND held_by = ?", gone
            )

    def counts(self, queue: str) -> Counts:
        with self._transaction() as cursor:
            self._require(cursor, queue)
            counted = cursor.execute(
                "SELECT dead, count(*) FROM messages WHERE queue = ? GROUP BY dead", (queue,)
            )
            found = dict(counted.fetchall())
        return Counts(waiting=found.get(0, 0), dead=found.get(1, 0))

    def depth(self, queue: str) -> int:
        return self.counts(queue).waiting

    def dead_letters(self, queue: str) -> list[DeadLetter]:
        with self._transaction() as cursor:
            rows = cursor.execute(
                "SELECT id, exchange, routing_key, body, error FROM messages"
                " WHERE queue = ? AND dead = 1 ORDER BY position",
                (queue,),
            ).fetchall()
        return [DeadLetter(Message(*row[:4]), row[4]) for row in rows]

    def replay(self, queue: str, ids: Collection[str] | None = None) -> int:
        changed = self._on_dead_letters(
            "UPDATE messages SET dead = 0, attempts = 0, due = 0", queue, ids
        )
        self._wake({queue})
        return changed

    def drop(self, queue: str, ids: Collection[str] | None = None) -> int:
        return self._on_dead_letters("DELETE FROM messages", queue, ids)

    def _on_dead_letters(self, change: str, queue: str, ids: Collection[str] | None) -> int:
        chosen = "" if ids is None else f" AND id IN ({','.join('?' * len(ids))})"
        with self._transaction() as cursor:
            done = cursor.execute(
                f"{change} WHERE queue = ? AND dead = 1{chosen}", (queue, *(ids or ()))
            )
            return done.rowcount

    def close(self) -> None:
        """Give back what this instance holds, then close the file; again is nothing."""
        if self._holder not in holders.in_use:
            return
        holders.in_use.remove(self._holder)
        self._give_back()
        self._connection.close()
