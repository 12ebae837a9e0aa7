"""Writing events: a row in the transaction that makes the event true."""

from collections.abc import Mapping

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from shared import clock, context
from shared.db import wake_relay
from shared.events.envelope import Envelope
from shared.events.models import Outbox, Sequence
from shared.events.schemas import EVENT_TYPES
from shared.ids import new_uuid


def insert_into(
    session: Session, table: type[DeclarativeBase]
) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the session's database."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def next_sequence(session: Session, subject: str) -> int:
    """Draw the next number of the subject; others who draw it wait until we commit."""
    insert = insert_into(session, Sequence).values(subject=subject, value=1)
    drawn = insert.on_conflict_do_update(
        index_elements=["subject"], set_={"value": Sequence.value + 1}
    ).returning(Sequence.value)
    return session.scalars(drawn).one()


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
    return envelope
