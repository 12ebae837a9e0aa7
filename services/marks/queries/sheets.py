"""Naming many sheets in one query."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, false, or_

from services.marks.domain.sheet import SheetKey
from services.marks.models import Candidate, Sheet


def in_sheets(table: type[Candidate | Sheet], keys: Collection[SheetKey]) -> ColumnElement[bool]:
    """Whether a row belongs to one of these sheets.

    Comparing pairs, `(centre_no, paper_id) IN (…)`, would have SQLite read the whole table.
    """
    papers: dict[str, list[str]] = {}
    for centre_no, paper_id in keys:
        papers.setdefault(centre_no, []).append(paper_id)
    return or_(
        false(),
        *(
            and_(table.centre_no == centre_no, table.paper_id.in_(ids))
            for centre_no, ids in papers.items()
        ),
    )
