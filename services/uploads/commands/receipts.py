"""A receipt for whoever uploaded: one for each sheet and sitting, told once it is over."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from services.uploads.commands.news import received_data
from services.uploads.domain.rules import REJECTED, WAITING
from services.uploads.models import EvidenceFile
from shared import clock
from shared.db import Database
from shared.events.outbox import emit

LOOKS_SECONDS = 30.0
# A sitting is over when nothing has come for so long and everything was looked at; a long one is
# told of meanwhile.
QUIET = timedelta(minutes=5)
LONGEST = timedelta(hours=1)
AT_A_TIME = 100
FILES_OF_ONE = 200

Sitting = tuple[str, str, str]


def run(database: Database, stop: threading.Event) -> None:
    """Look every half minute, until told to stop."""
    while not stop.wait(LOOKS_SECONDS):
        tell(database)


def tell(database: Database) -> int:
    """Tell of the sittings that are over; gives how many there were."""
    now = clock.now()
    with database.reading() as session:
        over = _over(session, now)
    for sitting in over:
        with database.transaction() as session:
            _tell_of(session, sitting, now)
    return len(over)


def _over(session: Session, now: datetime) -> Sequence[Sitting]:
    columns = EvidenceFile.centre_no, EvidenceFile.paper_id, EvidenceFile.uploaded_by_id
    newest, oldest = func.max(EvidenceFile.uploaded_at), func.min(EvidenceFile.uploaded_at)
    unseen = and_(EvidenceFile.status == WAITING, EvidenceFile.deleted_at.is_(None))
    is_over = and_(newest <= now - QUIET, func.sum(case((unseen, 1), else_=0)) == 0)
    sittings = (
        select(*columns)
        .where(EvidenceFile.receipted_at.is_(None))
        .group_by(*columns)
        .having(or_(is_over, oldest <= now - LONGEST))
        .limit(AT_A_TIME)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(sittings)]


def _tell_of(session: Session, sitting: Sitting, now: datetime) -> None:
    """Of files that were deleted meanwhile, or rejected, there is no receipt."""
    named = dict(zip(("centre_no", "paper_id", "uploaded_by_id"), sitting, strict=True))
    waiting = select(EvidenceFile).filter_by(**named, receipted_at=None)
    in_turn = waiting.order_by(EvidenceFile.uploaded_at, EvidenceFile.id).limit(FILES_OF_ONE)
    files = list(session.scalars(in_turn.with_for_update()))
    for file in files:
        file.receipted_at = now
    kept = [file for file in files if file.deleted_at is None and file.status != REJECTED]
    if kept:
        emit(session, "evidence.received.v1", "/".join(sitting[:2]), received_data(kept, now))
