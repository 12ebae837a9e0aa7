"""The present state of marks, as its events tell it."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from services.marks import present_requests as requests
from services.marks.commands.papers import published, subject_of
from services.marks.commands.submission import event_line
from services.marks.models import Candidate, ClericalError, Paper, Submission
from services.marks.queries.history import acknowledged_event
from shared.events.republish import FETCHED, Present, Told

SHEET = attrgetter("centre_no", "paper_id")
BY_SHEET = (Candidate.centre_no, Candidate.paper_id, Candidate.candidate_no)


def papers(session: Session) -> Iterator[Told]:
    for paper in session.scalars(select(Paper).order_by(Paper.id)):
        yield subject_of(paper), published(paper)


def entries(session: Session) -> Iterator[Told]:
    """The candidates of each sheet; those withdrawn are told as such."""
    rows = session.scalars(
        select(Candidate).order_by(*BY_SHEET).execution_options(yield_per=FETCHED)
    )
    for (centre_no, paper_id), candidates in groupby(rows, SHEET):
        told = [_entry(candidate) for candidate in candidates]
        yield _sheet(centre_no, paper_id, candidates=told)


def submissions(session: Session) -> Iterator[Told]:
    """Each sheet as it was submitted last. To whoever knows none of it, that is the first."""
    later = aliased(Submission)
    newest = select(func.max(later.number)).where(
        later.centre_no == Submission.centre_no, later.paper_id == Submission.paper_id
    )
    of_sheet = and_(
        Submission.centre_no == Candidate.centre_no,
        Submission.paper_id == Candidate.paper_id,
        Submission.number == newest.scalar_subquery(),
    )
    submitted = select(Candidate, Submission).join(Submission, of_sheet)
    submitted = submitted.where(Candidate.submission.is_not(None), Candidate.withdrawn.is_(False))
    in_order = submitted.order_by(*BY_SHEET).execution_options(yield_per=FETCHED)
    rows = session.execute(in_order)
    for submission, of_one in groupby(rows, lambda row: row.Submission):
        yield _sheet(
            submission.centre_no,
            submission.paper_id,
            kind="first",
            submitted_at=submission.submitted_at.isoformat(),
            submitted_by=submission.by_id,
            candidates=[event_line(row.Candidate) for row in of_one],
        )


def clerical_errors(session: Session) -> Iterator[Told]:
    """The correction that stands of each candidate who has one: the newest."""
    later = aliased(ClericalError)
    newest = select(func.max(later.id)).where(
        later.centre_no == ClericalError.centre_no,
        later.paper_id == ClericalError.paper_id,
        later.candidate_no == ClericalError.candidate_no,
    )
    of_candidate = and_(
        Candidate.centre_no == ClericalError.centre_no,
        Candidate.paper_id == ClericalError.paper_id,
        Candidate.candidate_no == ClericalError.candidate_no,
        # An amendment has taken the place of one that is kept and stands no more.
        Candidate.clerical_error.is_not(None),
    )
    standing = select(ClericalError).join(Candidate, of_candidate)
    standing = standing.where(ClericalError.id == newest.scalar_subquery())
    for error in session.scalars(standing.execution_options(yield_per=FETCHED)):
        yield _sheet(
            error.centre_no,
            error.paper_id,
            candidate_no=error.candidate_no,
            original={name: error.original[name] for name in ("tasks", "total")},
            amended={"tasks": error.tasks, "total": error.total},
            effective_total=error.total,
            recorded_by=error.by_id,
            recorded_at=error.at.isoformat(),
        )


def acknowledgements(session: Session) -> Iterator[Told]:
    """Every correction that the centre has acknowledged."""
    done = select(ClericalError).where(ClericalError.acknowledged_at.is_not(None))
    in_order = done.order_by(ClericalError.id).execution_options(yield_per=FETCHED)
    for error in session.scalars(in_order):
        yield f"{error.centre_no}/{error.paper_id}", acknowledged_event(error)


def _sheet(centre_no: str, paper_id: str, **data: object) -> Told:
    return f"{centre_no}/{paper_id}", {"centre_no": centre_no, "paper_id": paper_id, **data}


def _entry(candidate: Candidate) -> dict[str, object]:
    return {
        "candidate_no": candidate.candidate_no,
        "uci": candidate.uci,
        "surname": candidate.surname,
        "forenames": candidate.forenames,
        "teaching_set": candidate.teaching_set,
        "dob": candidate.dob.isoformat(),
        "change": "withdrawn" if candidate.withdrawn else "added",
    }


PRESENT: Present = {
    "paper.changed.v1": papers,
    "entries.changed.v1": entries,
    "marks.submitted.v1": submissions,
    "submission.reopened.v1": requests.reopened,
    "clerical_error.recorded.v1": clerical_errors,
    "clerical_error.acknowledged.v1": acknowledgements,
    "marks.amended.v1": requests.amended,
    **requests.PRESENT,
}
