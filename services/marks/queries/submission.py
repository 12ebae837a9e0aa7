"""Where the submission of a sheet stands: what is missing, and the receipt."""

from collections.abc import Sequence
from typing import Literal, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.doubts import doubts
from services.marks.domain.marking import Mark
from services.marks.domain.paper import PaperRules
from services.marks.domain.submission import Incomplete, checklist
from services.marks.domain.text import display_name
from services.marks.models import Candidate, Paper, Submission
from services.marks.queries.history import instant
from services.marks.queries.marksheet import mark_of
from services.marks.queries.papers import rules_of
from services.marks.queries.reach import in_reach
from shared.access.teaching_sets import Sets


class ReceiptJson(TypedDict):
    """What a centre keeps of a submission; `candidates` counts those that it locked."""

    id: str
    kind: Literal["first", "supplementary"]
    number: int
    submitted_at: str
    submitted_by: str
    candidates: int
    centre_no: str
    paper_id: str


class MissingJson(TypedDict):
    """What a candidate still lacks, in the user's words."""

    candidate_no: str
    name: str
    what: list[str]


class DoubtJson(TypedDict):
    """What looks wrong, in the user's words; `candidate_no` null: of the sheet as a whole."""

    candidate_no: str | None
    name: str | None
    what: str


class ReadinessJson(TypedDict):
    """Whether a submission is possible now, of how many candidates.

    `doubts` keep nobody from submitting.
    `receipt` is the newest; `receipts` are all of them, the first one first.
    """

    ready: bool
    candidates: int
    missing: list[MissingJson]
    doubts: list[DoubtJson]
    receipt: ReceiptJson | None
    receipts: list[ReceiptJson]


def waiting_of(
    session: Session, centre_no: str, paper_id: str, sets: Sets | None = None
) -> Sequence[Candidate]:
    """The candidates not submitted yet (only those of these teaching sets), by number."""
    waiting = select(Candidate).filter_by(
        centre_no=centre_no, paper_id=paper_id, submission=None, withdrawn=False
    )
    return session.scalars(waiting.where(*in_reach(sets)).order_by(Candidate.candidate_no)).all()


def submissions_of(session: Session, centre_no: str, paper_id: str) -> Sequence[Submission]:
    """The submissions of a sheet that count, the first one first."""
    made = select(Submission).filter_by(centre_no=centre_no, paper_id=paper_id, undone_at=None)
    return session.scalars(made.order_by(Submission.number)).all()


def last_number(session: Session, centre_no: str, paper_id: str) -> int:
    """The number of the last submission, those that were undone counted; 0 before the first."""
    numbers = select(func.max(Submission.number)).filter_by(centre_no=centre_no, paper_id=paper_id)
    return session.scalar(numbers) or 0


def incomplete_of(rules: PaperRules, candidates: Sequence[Candidate]) -> list[Incomplete]:
    return checklist(rules, _lines(candidates))


def _lines(candidates: Sequence[Candidate]) -> list[tuple[str, str, Mark]]:
    """As the rules take them: number, name and mark."""
    return [
        (one.candidate_no, display_name(one.surname, one.forenames), mark_of(one))
        for one in candidates
    ]


def receipt_json(submission: Submission) -> ReceiptJson:
    return {
        "id": submission.id,
        "kind": cast("Literal['first', 'supplementary']", submission.kind),
        "number": submission.number,
        "submitted_at": instant(submission.submitted_at),
        "submitted_by": submission.by,
        "candidates": submission.candidates,
        "centre_no": submission.centre_no,
        "paper_id": submission.paper_id,
    }


def readiness_of(
    session: Session, centre_no: str, paper_id: str, sets: Sets | None = None
) -> ReadinessJson:
    """Where the submission stands; it is not `ready` for who is restricted to `sets`."""
    waiting = waiting_of(session, centre_no, paper_id, sets)
    rules = rules_of(session.get_one(Paper, paper_id))
    missing = incomplete_of(rules, waiting)
    receipts = [receipt_json(made) for made in submissions_of(session, centre_no, paper_id)]
    return {
        "ready": bool(waiting) and not missing and sets is None,
        "candidates": len(waiting),
        "missing": [
            {"candidate_no": one.candidate_no, "name": one.name, "what": list(one.what)}
            for one in missing
        ],
        "doubts": [
            {
                "candidate_no": one.candidate_no or None,
                "name": one.name or None,
                "what": one.what,
            }
            for one in doubts(rules, _lines(waiting))
        ],
        "receipt": receipts[-1] if receipts else None,
        "receipts": receipts,
    }
