"""What is known of candidates, as an import of entries compares with it."""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.marks.domain.entry_changes import Details, Known
from services.marks.domain.paper import Series
from services.marks.models import Candidate, Paper
from services.marks.queries.papers import series_of
from services.marks.queries.sheets import SheetKey, in_sheets

SHEETS_AT_ONCE = 500

Item = TypeVar("Item")


def slices(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """`items` in parts of at most `size`: a statement holds only so many values."""
    return (items[start : start + size] for start in range(0, len(items), size))


def papers_by_code(session: Session, series: Collection[Series]) -> dict[Series, dict[str, Paper]]:
    """The papers of each of these series that has any, by code."""
    found: dict[Series, dict[str, Paper]] = {}
    years = {each.year for each in series}
    for paper in session.scalars(select(Paper).where(Paper.series_year.in_(years))):
        found.setdefault(series_of(paper), {})[paper.code] = paper
    return found


def known_candidates(
    session: Session, keys: Sequence[SheetKey]
) -> dict[SheetKey, dict[str, Known]]:
    """The candidates of these sheets by number, the withdrawn too."""
    known: dict[SheetKey, dict[str, Known]] = {key: {} for key in keys}
    asked = select(
        Candidate.centre_no,
        Candidate.paper_id,
        Candidate.candidate_no,
        Candidate.id,
        Candidate.withdrawn,
        Candidate.uci,
        Candidate.surname,
        Candidate.forenames,
        Candidate.dob,
        Candidate.teaching_set,
    )
    for part in slices(keys, SHEETS_AT_ONCE):
        here = asked.where(in_sheets(Candidate, part))
        for centre_no, paper_id, number, row_id, withdrawn, *details in session.execute(here):
            candidate = Known(row_id, Details(*details), withdrawn=withdrawn)
            known[centre_no, paper_id][number] = candidate
    return known
