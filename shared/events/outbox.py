"""Writing events: a row in the transaction that makes the event true."""

import functools
from collections.abc import Mapping
from typing import cast

from prometheus_client import Counter
from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from shared import clock, context
from shared.db import after_commit, wake_relay
from shared.events.envelope import Envelope
from shared.events.models import Outbox, Sequence
from shared.events.schemas import EVENT_TYPES
from shared.ids import new_uuid

WRITTEN = Counter("iamis_events_written_total", "Events that became true, by type", ["type"])


def dialect_of(session: Session) -> str:
    """The name of the database's dialect: statements that are made once are made for one."""
    return session.get_bind().dialect.name


def insert_for(dialect: str, model: type[DeclarativeBase]) -> postgresql.Insert | sqlite.Insert:
    """As `insert_into`, to be made once: into the table, past what sessions do with objects."""
    table = cast("Table", model.__table__)
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_into(
    session: Session, table: type[DeclarativeBase]
) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the session's database."""
    return sqlite.insert(table) if dialect_of(session) == "sqlite" else postgresql.insert(table)


@functools.cache
def _draw(dialect: str) -> Insert:
    insert = insert_for(dialect, Sequence)
    drawn = {"value": Sequence.value + 1}
    upsert = insert.on_conflict_do_update(index_elements=["subject"], set_=drawn)
    return upsert.returning(Sequence.value)


def next_sequence(session: Session, subject: str) -> int:
    """Draw the next number of the subject; others who draw it wait until we commit."""
    drawn = session.execute(_draw(dialect_of(session)), {"subject": subject, "value": 1})
    return int(drawn.scalar_one())


def emit(session: Session, key: str, subject: str, data: Mapping[str, object]) -> Envelope:
    """Record the event `key` (`marks.submitted.v1`) about `subject` (`68101/<paper id>`).

    It is published after the commit, by the relay. `InvalidEventError` if `data` breaks the schema.
    """
    event_type = EVENT_TYPES[key]
    event_type.check(data)
    now = clock.now()
    envelope = Envelope(
        id=new_uuid(),
        key=key,
        subject=subject,
        time=now.isoformat().replace("+00:00", "Z"),
        sequence=next_sequence(session, subject),
        traceparent=context.traceparent(),
        data=dict(data),
    )
    session.add(
        Outbox(
            id=envelope.id,
            exchange=event_type.exchange,
            routing_key=envelope.routing_key,
            subject=subject,
            body=envelope.to_json(),
            created_at=now,
        )
    )
    wake_relay(session)
    after_commit(session, WRITTEN.labels(key).inc)
    return envelope
