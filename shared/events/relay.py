"""The relay: takes events from the outbox to the bus, in order, and never loses one.

A row is marked published only after the bus has it on disk. A crash in between publishes it
again; consumers know an event by its id. What is left to do is told by the rows that are not
marked, never by a position: one that was drawn earlier may be committed later.

Of one subject the order is that of its sequences: whoever draws the next one waits for the commit
before it, and only then draws a position.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from shared import clock
from shared.bus import Bus, BusError, Message, UnacceptableError, nothing
from shared.db import Database
from shared.events.duty import duty_on
from shared.events.models import Outbox
from shared.events.purge import purge

BATCH = 200
IDLE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# No more than this: a power of two of a thousand failures is no float any more.
DOUBLINGS = 10
UNROUTABLE_PAUSE = timedelta(minutes=1)
PURGE_SECONDS = 3600.0
LONGEST_FAULT = 300

log = logging.getLogger(__name__)


class Relay:
    """Publishes one service's outbox until it is stopped, when it is the one on duty."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._duty = duty_on(database)
        self._failures = 0
        self._size = BATCH
        self._purge_at = time.monotonic()
        database.on_outbox = self._duty.wake

    def run(self, stop: threading.Event, beat: Callable[[], None] = nothing) -> None:
        """Publish until `stop` is set; `beat` is called after each round that went well."""
        try:
            while not stop.is_set():
                more = self._round()
                if not self._failures:
                    beat()
                if more:
                    continue
                if self._failures:
                    # Commits go on while the broker is down: they must not hurry the next attempt.
                    stop.wait(self._pause())
                else:
                    self._duty.wait(IDLE_SECONDS)
        finally:
            self._duty.leave()

    def wake(self) -> None:
        self._duty.wake()

    def _round(self) -> bool:
        """One batch; True where there may be more to do at once."""
        try:
            more = self._duty.take() and self._work()
        except Exception:
            # Whatever failed (bus or database down), the rows are still there: wait and try again.
            self._failures += 1
            log.exception("relay round failed", extra={"failures": self._failures})
            return False
        self._failures = 0
        return more

    def _work(self) -> bool:
        size = self._size
        # Fewer at a time than before: the search for the one that is not taken goes on at once.
        more = self.publish_waiting() == size or self._size < size
        return self._purge() or more

    def _purge(self) -> bool:
        """Now and then forget a batch of what is long done; True where there is more of it."""
        if time.monotonic() < self._purge_at:
            return False
        more = self._database.run(purge)
        if not more:
            self._purge_at = time.monotonic() + PURGE_SECONDS
        return more

    def _pause(self) -> float:
        """The seconds to wait after a failure: doubled with each, with jitter."""
        longest = min(IDLE_SECONDS * 2.0 ** min(self._failures, DOUBLINGS), LONGEST_PAUSE_SECONDS)
        return longest / 2 + secrets.randbelow(1000) / 1000 * longest / 2

    def publish_waiting(self) -> int:
        """Publish the next events in their order; returns how many are dealt with.

        Up to `BATCH` of them, and after a failure half as many as before: a broker that is slow
        gets through with fewer, and one event that is never taken is found and set aside.
        """
        with self._database.reading() as session:
            messages = self._waiting(session, self._size)
        try:
            unroutable = self._bus.publish(messages)
        except UnacceptableError as error:
            return self._smaller_or_aside(messages, error)
        except BusError:
            self._size = max(1, self._size // 2)
            raise
        if messages:
            with self._database.transaction() as session:
                self._mark(session, {message.id for message in messages} - unroutable, unroutable)
            self._size = min(BATCH, self._size * 2)
        return len(messages)

    def _smaller_or_aside(self, messages: Sequence[Message], error: UnacceptableError) -> int:
        if len(messages) > 1:
            self._size = len(messages) // 2
            return 0
        (message,) = messages
        told = {"event_id": message.id, "routing_key": message.routing_key, "error": str(error)}
        log.error("an event is set aside", extra=told)
        aside = {"set_aside_at": clock.now(), "fault": str(error)[:LONGEST_FAULT]}
        with self._database.transaction() as session:
            session.execute(update(Outbox).where(Outbox.id == message.id).values(aside))
        return 1

    @staticmethod
    def _waiting(session: Session, most: int) -> list[Message]:
        due = or_(Outbox.not_before.is_(None), Outbox.not_before <= clock.now())
        waiting = select(Outbox.id, Outbox.exchange, Outbox.routing_key, Outbox.body).where(
            Outbox.published_at.is_(None), Outbox.set_aside_at.is_(None), due
        )
        in_order = waiting.order_by(Outbox.position).limit(most)
        return [Message(*row) for row in session.execute(in_order)]

    @staticmethod
    def _mark(session: Session, sent: set[str], unroutable: set[str]) -> None:
        now = clock.now()
        session.execute(update(Outbox).where(Outbox.id.in_(sent)).values(published_at=now))
        if unroutable:
            log.error("events without a queue", extra={"count": len(unroutable)})
            later = now + UNROUTABLE_PAUSE
            session.execute(
                update(Outbox).where(Outbox.id.in_(unroutable)).values(not_before=later)
            )
