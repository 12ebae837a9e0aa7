"""Handling events: effects and the event's id commit together, so a second delivery is nothing."""

import functools
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Insert, delete
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from shared import clock, context
from shared.bus import AwayError, Failures, Message
from shared.db import Database, is_away
from shared.events.counts import Counts
from shared.events.envelope import Envelope
from shared.events.models import Inbox, Watermark
from shared.events.outbox import dialect_of, insert_for
from shared.tracing import TRACING

Handler = Callable[[Session, Envelope], None]
Handlers = Mapping[str, Handler]

# So long others may wait for the locks of events that are handled together.
TOGETHER_SECONDS = 0.2

log = logging.getLogger(__name__)


class NotYetError(Exception):
    """What this event builds on has not arrived: deliver it again a little later."""


@functools.cache
def _watermark(dialect: str) -> Insert:
    insert = insert_for(dialect, Watermark)
    claim = insert.on_conflict_do_update(
        index_elements=["aspect"],
        set_={"sequence": insert.excluded.sequence},
        where=Watermark.sequence < insert.excluded.sequence,
    )
    return claim.returning(Watermark.sequence)


def is_newer(session: Session, aspect: str, sequence: int) -> bool:
    """Claim `sequence` for `aspect`; False where an equal or higher one was applied already.

    An aspect names what the event replaces whole, such as `sample:68101/<paper id>`.
    """
    claim = _watermark(dialect_of(session))
    return session.execute(claim, {"aspect": aspect, "sequence": sequence}).first() is not None


class _FailedError(Exception):
    """The event at this place could not be handled, and so nothing of the transaction stands."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


class Consumer:
    """Hands a queue's messages to the handlers of their types."""

    def __init__(self, database: Database, handlers: Handlers) -> None:
        self._database = database
        self._handlers = handlers
        self._counts = Counts(database.service, handlers)

    def handle(self, message: Message) -> None:
        """Handle one message, once in effect; raises where it has to be delivered again."""
        self._alone(Envelope.from_json(message.body))

    def handle_all(self, messages: Sequence[Message]) -> Failures:
        """Handle them, each once in effect; gives the errors of those to be delivered again.

        As many as possible share a transaction, by subject, so that all who lock several do so in
        one order; what fails in one is tried by itself at the end. Raises `AwayError` while the
        database is away.
        """
        failures: dict[int, Exception] = {}
        events: dict[int, Envelope] = {}
        for place, message in enumerate(messages):
            try:
                events[place] = Envelope.from_json(message.body)
            except Exception as error:  # noqa: BLE001 - whatever it is, the bus tells of it
                failures[place] = error
        places = sorted(events, key=lambda place: events[place].subject)
        with _told_as_away():
            left = [places[one] for one in self._together([events[place] for place in places])]
            for place in sorted(left):
                try:
                    self._alone(events[place])
                except Exception as error:
                    if is_away(error):
                        raise
                    failures[place] = error
        self._counts.count((events.get(place) for place in failures), "failed")
        return failures

    def _alone(self, event: Envelope) -> None:
        context.begin(event.id, event.traceparent)
        if self._database.run(lambda session: self._apply(session, event)):
            self._tell(event)
        else:
            self._counts.count([event], "known")

    def _apply(self, session: Session, event: Envelope) -> bool:
        """Handle the event unless that was done before; True where it was done now."""
        new = bool(_claim(session, [event]))
        if new:
            self._act(session, event)
        return new

    def _act(self, session: Session, event: Envelope) -> None:
        with TRACING.handling(event.key):
            self._handlers[event.key](session, event)

    def _together(self, events: Sequence[Envelope]) -> Iterator[int]:
        """Handle what goes well in few transactions; gives the places of the rest."""
        if len(events) == 1:
            yield 0
            return
        done, end = 0, len(events)
        while done < len(events):
            try:
                done += self._some(events[done:end])
            except _FailedError as failed:
                # Those before it went well, and will again without it.
                end = done + failed.place
            if done == end:
                if end < len(events):
                    yield done
                    done += 1
                end = len(events)

    def _some(self, events: Sequence[Envelope]) -> int:
        """Handle in one transaction as many as fit into it; gives how many."""
        handled: set[int] = set()
        try:
            with self._database.transaction() as session:
                count = self._in_turn(session, events, handled)
        except DBAPIError as error:
            if is_away(error):
                raise
            log.info("not together", extra={"error": repr(error.orig)})
            raise _FailedError(0) from error
        for place, event in enumerate(events[:count]):
            if place in handled:
                self._tell(event)
            else:
                self._counts.count([event], "known")
        return count

    def _in_turn(self, session: Session, events: Sequence[Envelope], handled: set[int]) -> int:
        until = time.monotonic() + TOGETHER_SECONDS
        new = _claim(session, events)
        for place, event in enumerate(events):
            if place and time.monotonic() > until:
                session.execute(delete(Inbox).where(Inbox.id.in_(new)))
                return place
            if event.id in new:
                new.remove(event.id)
                self._handle_within(session, event, place)
                handled.add(place)
        return len(events)

    def _handle_within(self, session: Session, event: Envelope, place: int) -> None:
        """Handle one among others, which see in the database alone what it has changed."""
        context.begin(event.id, event.traceparent)
        try:
            self._act(session, event)
            session.flush()
        except Exception as error:
            if is_away(error):
                raise
            raise _FailedError(place) from error
        session.expunge_all()

    def _tell(self, event: Envelope) -> None:
        context.begin(event.id, event.traceparent)
        log.info("handled", extra={"event_type": event.key, "subject": event.subject})
        self._counts.count([event], "handled")


@functools.cache
def _note(dialect: str) -> Insert:
    insert = insert_for(dialect, Inbox)
    return insert.on_conflict_do_nothing(index_elements=["id"]).returning(Inbox.id)


def _claim(session: Session, events: Sequence[Envelope]) -> set[str]:
    """Note the events as handled; gives the ids of those that were not yet.

    In one order, so that nobody waits for another in a circle.
    """
    now = clock.now()
    rows = [{"id": id_, "handled_at": now} for id_ in sorted({event.id for event in events})]
    return set(session.execute(_note(dialect_of(session)), rows).scalars())


@contextmanager
def _told_as_away() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        if is_away(error):
            raise AwayError(str(error)) from error
        raise
