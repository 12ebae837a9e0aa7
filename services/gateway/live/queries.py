"""Looking at the stream of events: what came after a number, and who may be told of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from services.gateway.live import consortia
from services.gateway.live.audience import (
    NOT_FOR_MODERATORS,
    NOT_YET_FOR_CENTRES,
    ONLY_FOR_CENTRES,
    Audience,
)
from services.gateway.models import Held, KnownSheet, LiveEvent
from shared.access.models import AccessVersion, Allocation
from shared.access.principal import Principal
from shared.access.relations import RELATIONS, Relation
from shared.events.models import Sequence as Drawn

STREAM = "live_events"
BATCH = 200
ALLOWED: dict[Held, Collection[Relation]] = {
    "": RELATIONS,
    "held": NOT_YET_FOR_CENTRES,
    "released": ONLY_FOR_CENTRES,
    "request": NOT_FOR_MODERATORS,
}


@dataclass(frozen=True)
class Told:
    """One event of the stream: its number, what is sent, and to whom.

    Of one that is about no centre (a paper) each reader is sent what concerns them.
    """

    seq: int
    frame: bytes
    audience: Audience
    of_no_centre: bool = False

    def frame_for(self, who: Principal) -> bytes:
        if not self.of_no_centre:
            return self.frame
        moderated = self.audience.moderated.get(who.user_id, ())
        return consortia.without_others(self.frame, consortia.known_to(who, moderated))


def position(session: Session) -> int:
    """The number of the newest event ever told."""
    return session.scalar(select(Drawn.value).filter_by(subject=STREAM)) or 0


def first_kept(session: Session) -> int | None:
    return session.scalar(select(func.min(LiveEvent.seq)))


def after(session: Session, seq: int, *which: ColumnElement[bool]) -> list[Told]:
    """The next events after `seq`, at most `BATCH`, as they may be told now."""
    asked = select(LiveEvent).where(LiveEvent.seq > seq, *which)
    rows = session.scalars(asked.order_by(LiveEvent.seq).limit(BATCH)).all()
    if not rows:
        return []
    papers = _Papers.of(session, {row.paper_id for row in rows if row.paper_id})
    return [
        Told(row.seq, row.frame, papers.audience(row), of_no_centre=row.centre_no is None)
        for row in rows
    ]


def maybe_for(who: Principal) -> ColumnElement[bool]:
    """Leaves out what is surely not for them; `Audience` decides of the rest."""
    if who.kind == "centre":
        return or_(LiveEvent.centre_no.in_(who.centres), LiveEvent.centre_no.is_(None))
    if who.kind == "appointee":
        mine = select(Allocation.paper_id).filter_by(user_id=who.user_id)
        return LiveEvent.paper_id.in_(mine)
    return LiveEvent.seq > 0


def changed_since(session: Session, since: datetime) -> dict[str, AccessVersion]:
    """The access of each account where it was changed since then."""
    changed = select(AccessVersion).where(AccessVersion.changed_at >= since)
    return {row.user_id: row for row in session.scalars(changed)}


@dataclass(frozen=True)
class _Papers:
    """Of some papers: the centres that have entries, and the submitted sheets of moderators."""

    centres: dict[str, set[str]]
    moderated: dict[str, list[tuple[str, str]]]

    @classmethod
    def of(cls, session: Session, paper_ids: Collection[str]) -> "_Papers":
        known = cls({}, {})
        sheets: Sequence[KnownSheet] = session.scalars(
            select(KnownSheet).where(KnownSheet.paper_id.in_(paper_ids))
        ).all()
        for sheet in sheets:
            known.centres.setdefault(sheet.paper_id, set()).add(sheet.centre_no)
        allocated = (
            select(Allocation)
            .join(
                KnownSheet,
                (KnownSheet.centre_no == Allocation.centre_no)
                & (KnownSheet.paper_id == Allocation.paper_id),
            )
            .where(Allocation.paper_id.in_(paper_ids), KnownSheet.submitted.is_(True))
        )
        for one in session.scalars(allocated):
            known.moderated.setdefault(one.paper_id, []).append((one.user_id, one.centre_no))
        return known

    def audience(self, row: LiveEvent) -> Audience:
        """Of an event about one centre that centre; of one about a paper all that have it."""
        paper_id = row.paper_id or ""
        own = {row.centre_no} if row.centre_no else self.centres.get(paper_id, set())
        moderated: dict[str, list[str]] = {}
        for user_id, centre_no in self.moderated.get(paper_id, ()):
            if centre_no in own:
                moderated.setdefault(user_id, []).append(centre_no)
        sets = None if row.sets is None else frozenset(row.sets)
        return Audience(paper_id, row.source, ALLOWED[row.held], frozenset(own), moderated, sets)
