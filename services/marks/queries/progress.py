"""How far centres are with their papers, counted by the database."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from services.marks.domain.sheet import Progress, SheetKey
from services.marks.models import Candidate, Sheet, Submission
from services.marks.queries.sheets import in_sheets

NOTHING = Progress(candidates=0, started=0, done=0, submitted=0)

_KEY = (Sheet.centre_no, Sheet.paper_id)
COUNTS = (
    func.count(Candidate.id),
    func.sum(case((Candidate.started, 1), else_=0)),
    func.sum(case((Candidate.complete, 1), else_=0)),
    func.count(Candidate.submission),
    func.count(Candidate.clerical_error),
)
_SUBMITTED = exists().where(
    Submission.centre_no == Sheet.centre_no, Submission.paper_id == Sheet.paper_id
)
_STANDS = _SUBMITTED.where(Submission.undone_at.is_(None))


def extensions_of(session: Session, keys: Collection[SheetKey]) -> dict[SheetKey, date]:
    """The centre's own deadline of each of these sheets that has one."""
    found = select(Sheet.centre_no, Sheet.paper_id, Sheet.extended_until).where(
        in_sheets(Sheet, keys), Sheet.extended_until.is_not(None)
    )
    return {
        SheetKey(centre_no, paper_id): until
        for centre_no, paper_id, until in session.execute(found)
        if until is not None
    }


def progress_of(
    session: Session, centre_no: str, paper_ids: Collection[str], *which: ColumnElement[bool]
) -> dict[str, Progress]:
    """The progress of a centre with each of these papers, as `progress_of_sheets` counts it."""
    keys = [SheetKey(centre_no, paper_id) for paper_id in paper_ids]
    counted = progress_of_sheets(session, keys, *which)
    return {paper_id: counted[SheetKey(centre_no, paper_id)] for paper_id in paper_ids}


def progress_of_sheets(
    session: Session, keys: Collection[SheetKey], *which: ColumnElement[bool]
) -> dict[SheetKey, Progress]:
    """The progress of each of these sheets; withdrawn candidates are left out.

    It is that of the candidates that meet all of `which`.
    """
    of_sheet = and_(
        Candidate.centre_no == Sheet.centre_no,
        Candidate.paper_id == Sheet.paper_id,
        Candidate.withdrawn.is_(False),
        *which,
    )
    counted = (
        select(*_KEY, *COUNTS, _SUBMITTED.label("was"), _STANDS.label("stands"))
        .outerjoin(Candidate, of_sheet)
        .where(in_sheets(Sheet, keys))
        .group_by(*_KEY)
    )
    found = {
        SheetKey(centre_no, paper_id): Progress(*counts, was_submitted=was, is_submitted=stands)
        for centre_no, paper_id, *counts, was, stands in session.execute(counted)
    }
    return {key: found.get(key, NOTHING) for key in keys}
