"""Forgetting events long done: rows of the outbox and the inbox are kept for 30 days."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shared import clock
from shared.events.models import Inbox, Outbox

KEPT = timedelta(days=30)
# So few that nobody waits long for what this holds.
BATCH = 500


def purge(session: Session) -> bool:
    """Delete a batch of old rows of each table; True where there may be more."""
    old = clock.now() - KEPT
    published = _delete(session, Outbox.position, Outbox.published_at < old)
    handled = _delete(session, Inbox.id, Inbox.handled_at < old)
    return BATCH in {published, handled}


def _delete(
    session: Session,
    key: InstrumentedAttribute[int] | InstrumentedAttribute[str],
    is_old: ColumnElement[bool],
) -> int:
    keys = session.scalars(select(key).where(is_old).limit(BATCH)).all()
    if keys:
        session.execute(delete(key.class_).where(key.in_(keys)))
    return len(keys)
