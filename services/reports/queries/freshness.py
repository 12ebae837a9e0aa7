"""How fresh the read model is."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.events.models import Inbox


def as_of(session: Session) -> datetime | None:
    """When the last event was taken in; None before the first."""
    return session.scalar(select(func.max(Inbox.handled_at)))
