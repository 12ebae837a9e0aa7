"""All marks of a series, row by row, for the board's own programs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.marks.domain.paper import Series
from services.marks.models import Candidate, Paper
from services.marks.queries.overview import of_series

# Rows that are fetched at a time, of which there may be millions.
FETCHED = 2000

COLUMNS: Mapping[str, type] = {
    "centre_no": str,
    "paper_id": str,
    "paper_code": str,
    "qualification": str,
    "candidate_no": str,
    "uci": str,
    "tasks": str,
    "total": int,
    "effective_total": int,
    "code": str,
    "outcome": str,
    "teacher_initials": str,
    "submission": int,
    "sample": str,
    "clerical_error": bool,
    "moderated_total": int,
    "moderated_outcome": str,
}


def marks_of_series(session: Session, series: Series) -> Iterator[list[object]]:
    """As `COLUMNS`, by centre, paper and candidate; those withdrawn are left out.

    `tasks` has a space between the marks of the tasks; `submission` counts the centre's
    submissions, and is null of a candidate who is not submitted.
    """
    asked = (
        select(
            Candidate.centre_no,
            Candidate.paper_id,
            Paper.code,
            Paper.qualification,
            Candidate.candidate_no,
            Candidate.uci,
            Candidate.tasks,
            Candidate.total,
            Candidate.effective_total,
            Candidate.code,
            Candidate.outcome,
            Candidate.initials,
            Candidate.submission,
            Candidate.sample_chosen_by,
            Candidate.clerical_error,
            Candidate.moderated,
        )
        .join(Paper, Paper.id == Candidate.paper_id)
        .where(*of_series(series), Candidate.withdrawn.is_(False))
        .order_by(Candidate.centre_no, Candidate.paper_id, Candidate.candidate_no)
        .execution_options(yield_per=FETCHED)
    )
    return (_line(row) for row in session.execute(asked))


def _line(row: Sequence[Any]) -> list[object]:
    *before, tasks, total, effective, code, outcome, initials, number, by, error, after = row
    settled = after or {"total": None, "outcome": None}
    marks = " ".join("" if mark is None else str(mark) for mark in tasks or ())
    told = [total, effective, code, outcome, initials, number, by, error is not None]
    return [*before, marks, *told, settled["total"], settled["outcome"]]
