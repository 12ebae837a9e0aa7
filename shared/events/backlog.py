"""What waits in an outbox, and how long it has; what was set aside, and its way back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shared import clock
from shared.db import wake_relay
from shared.events.models import Outbox


@dataclass(frozen=True)
class Backlog:
    """`waiting` events are not published yet, the `oldest` of them since then.

    `aside` more were set aside, for the bus never takes them.
    """

    waiting: int
    oldest: datetime | None
    aside: int

    @property
    def age_seconds(self) -> float:
        return (clock.now() - self.oldest).total_seconds() if self.oldest else 0.0


def backlog(session: Session) -> Backlog:
    # One look over the few rows that are not published, whichever they are.
    is_aside = Outbox.set_aside_at.is_not(None)
    counted = select(is_aside, func.count(), func.min(Outbox.created_at))
    rows = session.execute(counted.where(Outbox.published_at.is_(None)).group_by(is_aside))
    found = {bool(aside): (count, oldest) for aside, count, oldest in rows}
    waiting, oldest = found.get(False, (0, None))
    return Backlog(waiting, oldest, found.get(True, (0, None))[0])


def take_back(session: Session) -> int:
    """Have what was set aside published after all; gives how many events there were."""
    aside = select(Outbox.id).where(Outbox.published_at.is_(None), Outbox.set_aside_at.is_not(None))
    ids = session.scalars(aside).all()
    again = update(Outbox).where(Outbox.id.in_(ids))
    session.execute(again.values(set_aside_at=None, fault=None))
    wake_relay(session)
    return len(ids)
