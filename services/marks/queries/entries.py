"""What is known of candidates, as an import of entries compares with it."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.marks.domain.entry_changes import Details, Known
from services.marks.domain.paper import Series
from services.marks.domain.sheet import SheetKey
from services.marks.models import Candidate, Paper
from services.marks.queries.papers import series_of
from services.marks.queries.sheets import in_sheets
from shared.slices import slices

SHEETS_AT_ONCE = 500


def papers_by_code(
    session: Session, series: Collection[Series], *, lock: bool
) -> dict[Series, dict[str, Paper]]:
    """The papers of each of these series that has any, by code.

    With `lock` what a mark of them may be stays as it is until the commit; others may lock so too.
    """
    found: dict[Series, dict[str, Paper]] = {}
    years = {each.year for each in series}
    asked = select(Paper).where(Paper.series_year.in_(years)).order_by(Paper.id)
    if lock:
        asked = asked.with_for_update(read=True, key_share=True)
    for paper in session.scalars(asked):
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
            known[SheetKey(centre_no, paper_id)][number] = candidate
    return known
