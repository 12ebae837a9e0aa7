"""The relay: takes events from the outbox to the bus, in order, and never loses one.

A row is marked published only after the bus has it on disk. A crash in between publishes it
again; consumers know an event by its id.
"""

import logging
import secrets
import threading
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from shared import clock
from shared.bus import Bus, Message
from shared.db import Database
from shared.events.models import Outbox

BATCH = 200
IDLE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# No more than this: a power of two of a thousand failures is no float any more.
DOUBLINGS = 10
UNROUTABLE_PAUSE = timedelta(minutes=1)

log = logging.getLogger(__name__)


def _message(row: Outbox) -> Message:
    return Message(row.id, row.exchange, row.routing_key, row.body)


class Relay:
    """Publishes one service's outbox until it is stopped."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._wake = threading.Event()
        self._failures = 0
        database.on_outbox = self._wake.set

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._wake.clear()
            if self._round():
                continue
            if self._failures:
                # Commits go on while the broker is down: they must not hurry the next attempt.
                stop.wait(self._pause())
            else:
                self._wake.wait(IDLE_SECONDS)

    def wake(self) -> None:
        self._wake.set()

    def _round(self) -> bool:
        """One batch; True where there may be more to do at once."""
        try:
            published = self.publish_waiting()
        except Exception:
            # Whatever failed (bus or database down), the rows are still there: wait and try again.
            self._failures += 1
            log.exception("relay round failed", extra={"failures": self._failures})
            return False
        self._failures = 0
        return published == BATCH

    def _pause(self) -> float:
        """The seconds to wait after a failure: doubled with each, with jitter."""
        longest = min(IDLE_SECONDS * 2.0 ** min(self._failures, DOUBLINGS), LONGEST_PAUSE_SECONDS)
        return longest / 2 + secrets.randbelow(1000) / 1000 * longest / 2

    def publish_waiting(self) -> int:
        """Publish up to `BATCH` events in their order; returns how many went out."""
        with self._database.reading() as session:
            rows = self._waiting(session)
        messages = [_message(row) for row in rows]
        unroutable = self._bus.publish(messages)
        if messages:
            with self._database.transaction() as session:
                self._mark(session, {message.id for message in messages} - unroutable, unroutable)
        return len(messages)

    @staticmethod
    def _waiting(session: Session) -> Sequence[Outbox]:
        due = or_(Outbox.not_before.is_(None), Outbox.not_before <= clock.now())
        waiting = select(Outbox).where(Outbox.published_at.is_(None), due)
        return session.scalars(waiting.order_by(Outbox.position).limit(BATCH)).all()

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
