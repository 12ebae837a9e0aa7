"""How far centres are with their papers, counted by the database."""

from collections.abc import Collection

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.marks.domain.sheet import Progress
from services.marks.models import Candidate

NOTHING = Progress(candidates=0, started=0, done=0, submitted=0)

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
    counted = (
        select(Candidate.paper_id, *_COUNTS)
        .where(Candidate.centre_no == centre_no, Candidate.paper_id.in_(paper_ids))
        .where(Candidate.withdrawn.is_(False))
        .group_by(Candidate.paper_id)
    )
    found = {paper_id: Progress(*counts) for paper_id, *counts in session.execute(counted)}
    return {paper_id: found.get(paper_id, NOTHING) for paper_id in paper_ids}
