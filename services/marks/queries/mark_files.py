"""A marksheet as the rows of a file, the marks so far in it."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.marks.domain.mark_file import SheetFile
from services.marks.domain.text import display_name
from services.marks.models import Candidate, Paper
from services.marks.queries.papers import rules_of, series_of
from services.marks.queries.reach import in_reach
from shared.access.teaching_sets import Sets


def sheet_file(paper: Paper, centre_no: str) -> SheetFile:
    """What a file of this sheet is like."""
    return SheetFile(
        series=series_of(paper),
        qualification=paper.qualification,
        centre_no=centre_no,
        paper_code=paper.code,
        rules=rules_of(paper),
    )


def mark_rows(
    session: Session, centre_no: str, paper_id: str, sets: Sets | None
) -> tuple[SheetFile, list[list[object]]]:
    """The sheet, and its rows with the names of the columns first, by candidate number."""
    file = sheet_file(session.get_one(Paper, paper_id), centre_no)
    listed = select(Candidate).filter_by(centre_no=centre_no, paper_id=paper_id, withdrawn=False)
    candidates = session.scalars(listed.where(*in_reach(sets)).order_by(Candidate.candidate_no))
    return file, [list(file.columns), *_rows(file, candidates)]


def _rows(file: SheetFile, candidates: Iterable[Candidate]) -> Iterator[list[object]]:
    named = list(file.named().values())
    for one in candidates:
        yield [
            *named,
            one.candidate_no,
            display_name(one.surname, one.forenames),
            one.teaching_set,
            *(one.tasks or ()),
            *(one.code, one.outcome, one.initials, one.version),
        ]
