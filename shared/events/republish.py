"""Telling the present state again, as ordinary events, to one queue that has lost it or is new.

There is no eternal event log: a service tells what is true now. Each event carries the last
sequence of its subject, so that whoever knows as much already ignores it.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared import clock, context
from shared.bus import Bus, Message
from shared.db import Database
from shared.events.envelope import Envelope
from shared.events.models import Sequence as SequenceRow
from shared.ids import new_uuid

BATCH = 200
# Rows that are fetched at a time, where there may be millions.
FETCHED = 500

Told = tuple[str, Mapping[str, Any]]
"""The subject and the data of an event."""

Present = Mapping[str, Callable[[Session], Iterable[Told]]]
"""By event type, what a service has to tell of its present state."""


def republish(
    database: Database,
    present: Present,
    keys: Collection[str],
    bus: Bus,
    queue: str,
    on_progress: Callable[[int], object] = lambda _count: None,
) -> int:
    """Tell what `present` has of the types `keys` to `queue` alone; returns how many events.

    All of it is as of one moment. Raises `BusError` where the queue is not there.
    """
    count = 0
    with database.reading() as session:
        for events in events_of(session, present, keys):
            bus.deliver(queue, [_message(event) for event in events])
            count += len(events)
            on_progress(len(events))
    return count


def events_of(session: Session, present: Present, keys: Container[str]) -> Iterator[list[Envelope]]:
    """What `present` has of the types `keys`, a few events at a time."""
    for key in (key for key in present if key in keys):
        for told in _batches(present[key](session)):
            yield _envelopes(session, key, told)


def _batches(told: Iterable[Told]) -> Iterator[list[Told]]:
    rest = iter(told)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _envelopes(session: Session, key: str, told: Sequence[Told]) -> list[Envelope]:
    subjects = {subject for subject, _data in told}
    rows = select(SequenceRow.subject, SequenceRow.value).where(SequenceRow.subject.in_(subjects))
    sequences = {row.subject: row.value for row in session.execute(rows)}
    now = clock.now().isoformat().replace("+00:00", "Z")
    return [
        Envelope(
            id=new_uuid(),
            key=key,
            subject=subject,
            time=now,
            sequence=sequences[subject],
            traceparent=context.traceparent(),
            data=dict(data),
        )
        for subject, data in told
    ]


def _message(envelope: Envelope) -> Message:
    event_type = envelope.event_type
    event_type.check(envelope.data)
    return Message(envelope.id, event_type.exchange, envelope.routing_key, envelope.to_json())
