"""Who may stand in for a candidate of the sample: the nearest with complete work."""

from typing import Literal

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.sheet import SheetKey
from services.marks.domain.text import display_name
from services.marks.models import Candidate, Paper
from services.marks.queries.reach import in_reach
from shared.access.rules import not_found
from shared.access.teaching_sets import Sets


class NearJson(TypedDict):
    """A candidate beside another in the order of marks or outcomes."""

    candidate_no: str
    name: str
    total: int | None
    outcome: str | None
    side: Literal["higher", "lower"]


class NearestJson(TypedDict):
    """The nearest at or above, and the nearest below; the nearer of the two first."""

    candidates: list[NearJson]


def nearest(session: Session, key: SheetKey, candidate_no: str, sets: Sets | None) -> NearestJson:
    """Submitted candidates with work that can be sampled, who are not in the sample.

    NotFoundError without the candidate, who may have been withdrawn.
    """
    wanted = select(Candidate).filter_by(**key._asdict(), candidate_no=candidate_no)
    one = session.scalars(wanted.where(*in_reach(sets))).first()
    if one is None:
        raise not_found()
    others = _eligible(session.get_one(Paper, key.paper_id), key).where(
        Candidate.candidate_no != candidate_no, *in_reach(sets)
    )
    at, number = Candidate.standing, Candidate.candidate_no
    higher = others.where(at >= one.standing).order_by(at, number).limit(1)
    lower = others.where(at < one.standing).order_by(at.desc(), number).limit(1)
    found = [
        *((near, _json(near, "higher")) for near in session.scalars(higher)),
        *((near, _json(near, "lower")) for near in session.scalars(lower)),
    ]
    found.sort(key=lambda each: abs(each[0].standing - one.standing))
    return {"candidates": [said for _near, said in found]}


def _eligible(paper: Paper, key: SheetKey) -> Select[Candidate]:
    """As the sample takes them: no codes, no zero marks, not the outcome that is never sampled."""
    return (
        select(Candidate)
        .filter_by(**key._asdict(), withdrawn=False, complete=True, code=None)
        .where(
            Candidate.submission.is_not(None),
            Candidate.sample_chosen_by.is_(None),
            or_(
                Candidate.effective_total > 0,
                Candidate.outcome.is_not(None) & (Candidate.outcome != paper.not_classified),
            ),
        )
    )


def _json(candidate: Candidate, side: Literal["higher", "lower"]) -> NearJson:
    return {
        "candidate_no": candidate.candidate_no,
        "name": display_name(candidate.surname, candidate.forenames),
        "total": candidate.effective_total,
        "outcome": candidate.outcome,
        "side": side,
    }
