"""What is missing before a deadline, and nobody was reminded of yet."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from services.reports.domain.reminders import STEPS, Due, Kind
from services.reports.models import (
    OF_THE_GROUP,
    Candidate,
    EvidenceFile,
    Extension,
    Paper,
    Reminder,
    Submission,
)

_UNDONE = and_(Submission.reopened.is_(True), Candidate.mark_sequence <= Submission.sequence)
NOT_SUBMITTED = or_(Candidate.mark_sequence == 0, _UNDONE)
_FILE = exists().where(
    EvidenceFile.centre_no == Candidate.centre_no,
    EvidenceFile.paper_id == Candidate.paper_id,
    EvidenceFile.candidate_no.in_([Candidate.candidate_no, OF_THE_GROUP]),
    EvidenceFile.deleted.is_(False),
)
# A file of the group may be about anybody: nobody is reminded of what may be there.
NO_EVIDENCE = and_(Paper.upload != "none", Candidate.chosen_by.is_not(None), ~_FILE)
_EXTENDED = and_(Extension.state == "accepted", Extension.marks_deadline > Paper.marks_deadline)
# By which day what is missing: neither the board's extension nor a further request brings a
# deadline forward.
_MISSING: dict[Kind, tuple[ColumnElement[date | None], ColumnElement[bool]]] = {
    "marks": (
        case((_EXTENDED, Extension.marks_deadline), else_=Paper.marks_deadline),
        NOT_SUBMITTED,
    ),
    "evidence": (
        case((Candidate.due > Paper.evidence_until, Candidate.due), else_=Paper.evidence_until),
        NO_EVIDENCE,
    ),
}


def due(session: Session, kind: Kind, today: date, at_most: int) -> list[Due]:
    """What a centre is to be reminded of now: one step for each sheet, however late it is."""
    found = session.execute(_due(kind, today).limit(at_most))
    return [
        Due(centre_no, paper_id, kind, deadline, step, tuple(sorted(numbers.split(","))))
        for centre_no, paper_id, deadline, step, numbers in found
    ]


def _due(kind: Kind, today: date) -> Select[Any]:
    deadline, missing = _MISSING[kind]
    step = case(*((deadline <= today + timedelta(days), days) for days in sorted(STEPS)))
    sheet = (Candidate.centre_no, Candidate.paper_id)
    soon = deadline.between(today, today + timedelta(max(STEPS)))
    return (
        select(*sheet, deadline, step, func.aggregate_strings(Candidate.candidate_no, ","))
        .join(Paper, Paper.id == Candidate.paper_id)
        .outerjoin(Submission, _of_sheet(Submission))
        .outerjoin(Extension, _of_sheet(Extension))
        .where(soon, Candidate.withdrawn.is_(False), missing, ~_told(kind, deadline, step))
        .group_by(*sheet, deadline, step)
        .order_by(*sheet)
    )


def _told(
    kind: Kind, deadline: ColumnElement[date | None], step: ColumnElement[int]
) -> ColumnElement[bool]:
    """Whether the centre was reminded of it this near to the deadline."""
    return exists().where(
        Reminder.centre_no == Candidate.centre_no,
        Reminder.paper_id == Candidate.paper_id,
        Reminder.kind == kind,
        Reminder.deadline == deadline,
        Reminder.step <= step,
    )


def _of_sheet(table: type[Submission | Extension]) -> ColumnElement[bool]:
    return and_(table.centre_no == Candidate.centre_no, table.paper_id == Candidate.paper_id)
