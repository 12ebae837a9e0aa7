"""Who in a centre is behind: how far each teaching set is with each paper."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.models import Candidate
from services.marks.queries.progress import COUNTS


class SetProgress(TypedDict):
    """Candidates of a teaching set (empty: of none), and how many of them are complete."""

    paper_id: str
    teaching_set: str
    candidates: int
    done: int


def behind(session: Session, centre_no: str) -> list[SetProgress]:
    """The teaching sets of a centre with candidates left to mark, by paper and set."""
    candidates, _started, done, *_others = COUNTS
    key = (Candidate.paper_id, Candidate.teaching_set)
    counted = (
        select(*key, candidates, done)
        .where(Candidate.centre_no == centre_no, Candidate.withdrawn.is_(False))
        .group_by(*key)
        .having(done < func.count())
        .order_by(*key)
    )
    return [
        SetProgress(paper_id=paper_id, teaching_set=name, candidates=count, done=complete)
        for paper_id, name, count, complete in session.execute(counted)
    ]
