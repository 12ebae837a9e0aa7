"""Who was entered late, and who withdrawn, of a marksheet: told for some days."""

from datetime import timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased
from typing_extensions import TypedDict

from services.marks.models import Candidate
from services.marks.queries.reach import in_reach
from shared import clock
from shared.access.teaching_sets import Sets

TOLD = timedelta(days=14)
MOST_TOLD = 200


class LateJson(TypedDict):
    """The numbers of those entered after the first, and of those withdrawn, in the last days."""

    added: list[str]
    withdrawn: list[str]
    days: int


def late_changes(session: Session, centre_no: str, paper_id: str, sets: Sets | None) -> LateJson:
    """What the board's files have changed of a sheet lately; the first of them is no news."""
    recently = clock.now() - TOLD
    other = aliased(Candidate)
    of_sheet = (other.centre_no == centre_no, other.paper_id == paper_id)
    first = select(func.min(other.entered_at)).where(*of_sheet).scalar_subquery()
    # Those entered before that was kept were there first.
    older = exists().where(*of_sheet, other.entered_at.is_(None))
    added = and_(
        Candidate.withdrawn.is_(False),
        Candidate.entered_at > recently,
        or_(Candidate.entered_at > first, older),
    )
    gone = and_(Candidate.withdrawn.is_(True), Candidate.withdrawn_at > recently)
    wanted = select(Candidate.candidate_no, Candidate.withdrawn).where(
        Candidate.centre_no == centre_no,
        Candidate.paper_id == paper_id,
        or_(added, gone),
        *in_reach(sets),
    )
    found = session.execute(wanted.order_by(Candidate.candidate_no).limit(MOST_TOLD)).all()
    return {
        "added": [number for number, withdrawn in found if not withdrawn],
        "withdrawn": [number for number, withdrawn in found if withdrawn],
        "days": TOLD.days,
    }
