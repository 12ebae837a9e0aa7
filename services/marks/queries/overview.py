"""How far all centres are with a series or a paper, counted here and now: for the board."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.paper import Series
from services.marks.domain.sheet import PaperState, Progress
from services.marks.models import Candidate, Paper, Sheet, Submission
from services.marks.queries.lists import FIRST_SUBMISSION
from services.marks.queries.papers import deadline_of, full_title_of
from services.marks.queries.progress import COUNTS
from shared import clock


class SheetFigures(TypedDict):
    """How far a centre is with a paper, in candidates.

    `overdue`: the deadline is past and something is not submitted; `late`: the first submission
    came after it. `moderated`: the outcome of the moderation is approved.
    """

    centre_no: str
    paper_id: str
    code: str
    full_title: str
    state: str
    candidates: int
    done: int
    left: int
    submitted: int
    marks_deadline: str
    submitted_at: str | None
    overdue: bool
    late: bool
    clerical_errors: int
    moderated: bool


class CentreFigures(TypedDict):
    """How far a centre is with all papers of a series: `submitted` to `moderated` count papers."""

    centre_no: str
    papers: int
    submitted: int
    overdue: int
    late: int
    moderated: int
    candidates: int
    left: int
    clerical_errors: int


class DayCount(TypedDict):
    """How many centres have submitted a paper by the end of a day, for the first time."""

    day: str
    submitted: int


def sheets_of(session: Session, *which: ColumnElement[bool]) -> list[SheetFigures]:
    """The sheets of these papers that have candidates, by centre and code.

    A board has fifty thousand: of each row no more is read than is told, and a paper once.
    """
    papers = {paper.id: paper for paper in session.scalars(select(Paper).where(*which))}
    key = (Candidate.centre_no, Candidate.paper_id)
    counted = (
        select(*key, *COUNTS)
        .where(Candidate.paper_id.in_(papers), Candidate.withdrawn.is_(False))
        .group_by(*key)
        .subquery()
    )
    told = (Sheet.extended_until, Sheet.moderation, Submission.submitted_at)
    found = session.execute(
        select(*counted.c, *told)
        .select_from(counted)
        .join(
            Sheet,
            (Sheet.paper_id == counted.c.paper_id) & (Sheet.centre_no == counted.c.centre_no),
        )
        .outerjoin(Submission, FIRST_SUBMISSION)
    )
    figures = [_figures(papers[row.paper_id], row) for row in found]
    return sorted(figures, key=lambda one: (one["centre_no"], one["code"]))


def _figures(paper: Paper, row: Row[*tuple[Any, ...]]) -> SheetFigures:
    _centre_no, _paper_id, *counts, until, moderation, at = row
    progress = Progress(*counts, is_submitted=at is not None)
    deadline = deadline_of(paper, until)
    return SheetFigures(
        centre_no=row.centre_no,
        paper_id=paper.id,
        code=paper.code,
        full_title=full_title_of(paper),
        state=progress.state,
        candidates=progress.candidates,
        done=progress.done,
        left=progress.left,
        submitted=progress.submitted,
        marks_deadline=deadline.isoformat(),
        submitted_at=at.isoformat() if at else None,
        overdue=clock.today() > deadline and progress.state is not PaperState.SUBMITTED,
        late=at is not None and clock.day_of(at) > deadline,
        clerical_errors=progress.corrected,
        moderated=moderation is not None,
    )


def of_series(series: Series) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Paper.series_month == series.month, Paper.series_year == series.year


def by_centre(sheets: Sequence[SheetFigures]) -> list[CentreFigures]:
    """The sheets added up, in the order they come."""
    centres: dict[str, CentreFigures] = {}
    for one in sheets:
        sums = centres.setdefault(one["centre_no"], _nothing_of(one["centre_no"]))
        sums["papers"] += 1
        sums["submitted"] += one["state"] == "submitted"
        sums["overdue"] += one["overdue"]
        sums["late"] += one["late"]
        sums["moderated"] += one["moderated"]
        sums["candidates"] += one["candidates"]
        sums["left"] += one["left"]
        sums["clerical_errors"] += one["clerical_errors"]
    return list(centres.values())


def _nothing_of(centre_no: str) -> CentreFigures:
    return CentreFigures(
        centre_no=centre_no,
        papers=0,
        submitted=0,
        overdue=0,
        late=0,
        moderated=0,
        candidates=0,
        left=0,
        clerical_errors=0,
    )


def by_day(sheets: Sequence[SheetFigures]) -> list[DayCount]:
    """The days of first submissions, with how many there are by then."""
    instants = [
        datetime.fromisoformat(one["submitted_at"]) for one in sheets if one["submitted_at"]
    ]
    days = Counter(map(clock.day_of, instants))
    told, total = [], 0
    for day in sorted(days):
        total += days[day]
        told.append(DayCount(day=day.isoformat(), submitted=total))
    return told
