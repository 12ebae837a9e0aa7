"""How far centres are with their papers, counted by the database."""

from collections.abc import Collection

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.marks.domain.sheet import Progress
from services.marks.models import Candidate
from services.marks.queries.sheets import SheetKey, in_sheets

NOTHING = Progress(candidates=0, started=0, done=0, submitted=0)

_KEY = (Candidate.centre_no, Candidate.paper_id)
_COUNTS = (
    func.count(),
    func.sum(case((Candidate.started, 1), else_=0)),
    func.sum(case((Candidate.complete, 1), else_=0)),
    func.count(Candidate.submission),
)


def progress_of(
    session: Session, centre_no: str, paper_ids: Collection[str]
) -> dict[str, Progress]:
    """The progress of a centre with each of these papers; those withdrawn are left out."""
    counted = progress_of_sheets(session, [(centre_no, paper_id) for paper_id in paper_ids])
    return {paper_id: counted[centre_no, paper_id] for paper_id in paper_ids}


def progress_of_sheets(session: Session, keys: Collection[SheetKey]) -> dict[SheetKey, Progress]:
    """The progress of each of these sheets; withdrawn candidates are left out."""
    counted = (
        select(*_KEY, *_COUNTS)
        .where(in_sheets(Candidate, keys), Candidate.withdrawn.is_(False))
        .group_by(*_KEY)
    )
    found = {
        (centre_no, paper_id): Progress(*counts)
        for centre_no, paper_id, *counts in session.execute(counted)
    }
    return {key: found.get(key, NOTHING) for key in keys}
