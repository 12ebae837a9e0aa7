"""Where the submission of a sheet stands: what is missing, and the receipt."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.paper import PaperRules
from services.marks.domain.submission import Incomplete, checklist
from services.marks.domain.text import display_name
from services.marks.models import Candidate, Paper, Submission
from services.marks.queries.history import instant
from services.marks.queries.marksheet import mark_of
from services.marks.queries.papers import rules_of


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


class ReadinessJson(TypedDict):
    """Whether a submission is possible now, of how many candidates; the newest receipt."""

    ready: bool
    candidates: int
    missing: list[MissingJson]
    receipt: ReceiptJson | None


def waiting_of(session: Session, centre_no: str, paper_id: str) -> Sequence[Candidate]:
    """The candidates not submitted yet, by number."""
    waiting = select(Candidate).filter_by(
        centre_no=centre_no, paper_id=paper_id, submission=None, withdrawn=False
    )
    return session.scalars(waiting.order_by(Candidate.candidate_no)).all()


def last_submission(session: Session, centre_no: str, paper_id: str) -> Submission | None:
    made = select(Submission).filter_by(centre_no=centre_no, paper_id=paper_id)
    return session.scalars(made.order_by(Submission.number.desc()).limit(1)).first()


def incomplete_of(rules: PaperRules, candidates: Sequence[Candidate]) -> list[Incomplete]:
    return checklist(
        rules,
        (
            (one.candidate_no, display_name(one.surname, one.forenames), mark_of(one))
            for one in candidates
        ),
    )


def receipt_json(submission: Submission) -> ReceiptJson:
    return {
        "id": submission.id,
        "kind": "first" if submission.number == 1 else "supplementary",
        "number": submission.number,
        "submitted_at": instant(submission.submitted_at),
        "submitted_by": submission.by,
        "candidates": submission.candidates,
        "centre_no": submission.centre_no,
        "paper_id": submission.paper_id,
    }


def readiness_of(session: Session, centre_no: str, paper_id: str) -> ReadinessJson:
    waiting = waiting_of(session, centre_no, paper_id)
    missing = incomplete_of(rules_of(session.get_one(Paper, paper_id)), waiting)
    last = last_submission(session, centre_no, paper_id)
    return {
        "ready": bool(waiting) and not missing,
        "candidates": len(waiting),
        "missing": [
            {"candidate_no": one.candidate_no, "name": one.name, "what": list(one.what)}
            for one in missing
        ],
        "receipt": receipt_json(last) if last else None,
    }
