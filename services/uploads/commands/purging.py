"""Removing the evidence of a series for good, when nobody may keep it any longer.

The rows stay: who uploaded what and when is part of the audit trail. Their content does not.
"""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.uploads.commands.lacking import tell_lacking
from services.uploads.commands.news import deleted_data
from services.uploads.domain.rules import Place, check_purge
from services.uploads.models import EvidenceFile, Paper, SampleCandidate
from shared import audit, clock
from shared.audit import OPERATOR, Change
from shared.db import Database
from shared.events.outbox import emit
from shared.storage_parts import PartStorage

Progress = Callable[[int], None]


def files_of_series(database: Database, series: str) -> list[str]:
    """The ids of what is kept of a series; `ConflictError` while evidence of it is still taken."""
    with database.reading() as session:
        papers = list(session.scalars(select(Paper).where(Paper.series == series)).all())
        check_purge(series, _last_days(session, papers), clock.now())
        kept = select(EvidenceFile.id).where(
            EvidenceFile.paper_id.in_([paper.id for paper in papers]),
            EvidenceFile.purged_at.is_(None),
        )
        return list(session.scalars(kept.order_by(EvidenceFile.id)).all())


def _last_days(session: Session, papers: Sequence[Paper]) -> list[date]:
    """Until when evidence is taken: for the papers, and for further requests at any centre."""
    dues = select(SampleCandidate.due).where(
        SampleCandidate.paper_id.in_([paper.id for paper in papers]),
        SampleCandidate.due.is_not(None),
    )
    return [*(paper.evidence_until for paper in papers), *filter(None, session.scalars(dues))]


def purge(
    database: Database, storage: PartStorage, files: list[str], on_progress: Progress
) -> None:
    """Remove the content of each; stopped in between, it goes on at the next call."""
    for file_id in files:
        with database.reading() as session:
            file = session.get_one(EvidenceFile, file_id)
        # First the content: a row that says it is gone must be right.
        storage.erase(file.object_key)
        with database.transaction() as session:
            _note(session, file_id)
        on_progress(1)


def _note(session: Session, file_id: str) -> None:
    file = session.get_one(EvidenceFile, file_id, with_for_update=True)
    if file.purged_at is not None:
        return
    now = clock.now()
    file.purged_at = now
    place = Place(file.centre_no, file.paper_id, file.candidate_no)
    about = {"file": file.id, "size": file.size, "sha256": file.sha256}
    audit.record(session, None, "evidence.purge", str(place), Change(before=about))
    if file.deleted_at is None:
        file.deleted_at, file.deleted_by, file.deleted_by_id = now, OPERATOR, OPERATOR
        tell_lacking(session, file.centre_no, file.paper_id)
        emit(session, "evidence.deleted.v1", place.sheet, deleted_data(file, now))
