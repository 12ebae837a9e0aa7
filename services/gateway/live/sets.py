"""Which teaching sets an event is about, for those who are told of some sets alone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.access.models import TeachingSet

LISTS = ("candidates", "marks")
WHOLE = None


def sets_of(session: Session, data: Mapping[str, Any]) -> list[str] | None:
    """The sets of the candidates that an event names; `WHOLE` where it is about all of the sheet.

    So is a file of the group, and a candidate whose set is not known here.
    """
    numbers = _named(data)
    if None in numbers:
        return WHOLE
    if not numbers:
        return []
    asked = select(TeachingSet).where(
        TeachingSet.centre_no == data["centre_no"],
        TeachingSet.paper_id == data["paper_id"],
        TeachingSet.candidate_no.in_(numbers),
    )
    found = session.scalars(asked).all()
    known = {one.candidate_no for one in found}
    return sorted({one.name for one in found}) if known == numbers else WHOLE


def _named(data: Mapping[str, Any]) -> set[str | None]:
    """The numbers that stand in it; None for a candidate that is none."""
    rows = [row for name in LISTS for row in data.get(name, ())]
    named = {row["candidate_no"] for row in [data, *rows] if "candidate_no" in row}
    return named.union(data.get("candidate_nos", ()))
