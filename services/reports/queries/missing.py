"""What is missing before a deadline, and nobody was reminded of yet."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from services.reports.domain.reminders import STEPS, Due, Kind
from services.reports.models import (
    OF_THE_GROUP,
    Candidate,
    Extension,
    Lack,
    Paper,
    Reminder,
    Submission,
)

Sheet = tuple[str, str]
Pieces = Mapping[str, Sequence[str]]
Table = type[Candidate] | type[Lack]

_UNDONE = and_(Submission.reopened.is_(True), Candidate.mark_sequence <= Submission.sequence)
_NOT_SUBMITTED = or_(Candidate.mark_sequence == 0, _UNDONE)
_SAMPLED = and_(Candidate.chosen_by.is_not(None), Candidate.withdrawn.is_(False))
# Neither the board's extension nor a further request brings a deadline forward.
_EXTENDED = and_(Extension.state == "accepted", Extension.marks_deadline > Paper.marks_deadline)
_MARKS_BY = case((_EXTENDED, Extension.marks_deadline), else_=Paper.marks_deadline)
_EVIDENCE_BY = case(
    (Candidate.due > Paper.evidence_until, Candidate.due), else_=Paper.evidence_until
)


def due(session: Session, kind: Kind, today: date, at_most: int) -> list[Due]:
    """What a centre is to be reminded of now: one step for each sheet, however late it is."""
    found = session.execute(_DUE[kind](today).limit(at_most)).all()
    pieces = _pieces(session, {(row[0], row[1]) for row in found if kind == "evidence"})
    return [
        Due(centre_no, paper_id, kind, deadline, step, *_who(numbers, pieces[centre_no, paper_id]))
        for centre_no, paper_id, deadline, step, numbers in found
    ]


def _who(numbers: str, pieces: Pieces) -> tuple[tuple[str, ...], Pieces, bool]:
    """The candidates, those of them who lack named pieces, and whether the group lacks files."""
    them = sorted(numbers.split(","))
    candidates = tuple(number for number in them if number != OF_THE_GROUP)
    named = {number: pieces[number] for number in candidates if pieces.get(number)}
    return candidates, named, OF_THE_GROUP in them


def _pieces(session: Session, sheets: Collection[Sheet]) -> dict[Sheet, dict[str, list[str]]]:
    """The named pieces that are missing, by sheet and candidate."""
    found: defaultdict[Sheet, dict[str, list[str]]] = defaultdict(dict)
    lacks = select(Lack).where(tuple_(Lack.centre_no, Lack.paper_id).in_(sorted(sheets)))
    for lack in session.scalars(lacks):
        found[lack.centre_no, lack.paper_id][lack.candidate_no] = lack.missing
    return found


def _marks_due(today: date) -> Select[Any]:
    missing = and_(_NOT_SUBMITTED, Candidate.withdrawn.is_(False))
    return (
        _soon("marks", Candidate, _MARKS_BY, today)
        .outerjoin(Submission, _same_sheet(Submission, Candidate))
        .outerjoin(Extension, _same_sheet(Extension, Candidate))
        .where(missing)
    )


def _evidence_due(today: date) -> Select[Any]:
    undone = exists().where(_same_sheet(Submission, Lack), Submission.reopened.is_(True))
    their = and_(_same_sheet(Candidate, Lack), Candidate.candidate_no == Lack.candidate_no)
    return (
        _soon("evidence", Lack, _EVIDENCE_BY, today)
        .outerjoin(Candidate, their)
        .where(or_(Lack.candidate_no == OF_THE_GROUP, _SAMPLED), ~undone)
    )


_DUE: Mapping[Kind, Callable[[date], Select[Any]]] = {
    "marks": _marks_due,
    "evidence": _evidence_due,
}


def _soon(
    kind: Kind, table: Table, deadline: ColumnElement[date | None], today: date
) -> Select[Any]:
    """By sheet, deadline and step: the rows of the table whose deadline is near."""
    step = case(*((deadline <= today + timedelta(days), days) for days in sorted(STEPS)))
    sheet = (table.centre_no, table.paper_id)
    told = exists().where(
        Reminder.kind == kind,
        Reminder.deadline == deadline,
        Reminder.step <= step,
        _same_sheet(Reminder, table),
    )
    return (
        select(*sheet, deadline, step, func.aggregate_strings(table.candidate_no, ","))
        .join(Paper, Paper.id == table.paper_id)
        .where(deadline.between(today, today + timedelta(max(STEPS))), ~told)
        .group_by(*sheet, deadline, step)
        .order_by(*sheet)
    )


def _same_sheet(
    one: type[Submission | Extension | Reminder | Candidate], other: Table
) -> ColumnElement[bool]:
    return and_(one.centre_no == other.centre_no, one.paper_id == other.paper_id)
