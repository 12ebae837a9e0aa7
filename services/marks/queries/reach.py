"""Which candidates there are for moderators, and for who is restricted to teaching sets."""

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from services.marks.models import Candidate
from shared.access.teaching_sets import Sets


def in_reach(sets: Sets | None, *, submitted_only: bool = False) -> list[ColumnElement[bool]]:
    """What a candidate has to meet: of any set where `sets` is None.

    A moderator sees those submitted only: late entries still being marked are the centre's.
    """
    of_sets = [] if sets is None else [Candidate.teaching_set.in_(sorted(sets))]
    submitted = [Candidate.submission.is_not(None)] if submitted_only else []
    return [*of_sets, *submitted]


def numbers_in_reach(centre_no: str, paper_id: str, sets: Sets | None) -> Select[str]:
    """The numbers of the candidates of a sheet that there are."""
    of_sheet = select(Candidate.candidate_no).filter_by(centre_no=centre_no, paper_id=paper_id)
    return of_sheet.where(*in_reach(sets))


def reaches(session: Session, key: tuple[str, ...], sets: Sets) -> bool:
    """Whether the candidate (centre, paper, number) is in one of the sets, as entered now."""
    centre_no, paper_id, candidate_no = key
    of_one = numbers_in_reach(centre_no, paper_id, sets)
    return session.scalar(of_one.where(Candidate.candidate_no == candidate_no)) is not None
