"""What a held sheet has changed, written in as few statements as the database takes.

A mark is saved in a few milliseconds, and two thousand of them at once: the statements are made
once, and PostgreSQL is given all rows in one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Insert, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from services.marks.models import Candidate, MarkChange, Sheet
from shared.engine import is_postgresql
from shared.recordset import as_parameter, recordset

Row = Mapping[str, Any]

# What a change of a mark may touch of its candidate.
ALTERED = (
    "tasks",
    "code",
    "outcome",
    "initials",
    "total",
    "effective_total",
    "standing",
    "started",
    "complete",
    "version",
    "changed",
    "clerical_error",
)
# What the changes of one transaction have in common, and what each has of its own.
COMMON = ("centre_no", "paper_id", "at", "by_id", "by")
OWN = ("candidate_no", "how", "why", "before", "after")

_SHEETS, _CANDIDATES, _CHANGES = (
    cast("Table", model.__table__) for model in (Sheet, Candidate, MarkChange)
)
_MOVE = (
    update(_SHEETS)
    .where(
        _SHEETS.c.centre_no == bindparam("of_centre_no"),
        _SHEETS.c.paper_id == bindparam("of_paper_id"),
    )
    .values(cursor=bindparam("of_cursor"))
)
_ALTER = update(_CANDIDATES).where(_CANDIDATES.c.id == bindparam("of_id"))
_ADD = insert(_CHANGES)


def _all_in_one() -> Insert:
    rows = recordset(_CANDIDATES, ("id", *ALTERED), "altered")
    alter = update(_CANDIDATES).where(_CANDIDATES.c.id == rows.c.id)
    alter = alter.values({name: rows.c[name] for name in ALTERED})
    common = [bindparam(f"of_{name}", type_=_CHANGES.c[name].type) for name in COMMON]
    added = recordset(_CHANGES, OWN, "added")
    add = _ADD.from_select([*COMMON, *OWN], select(*common, *added.c), include_defaults=False)
    return add.add_cte(_MOVE.cte("moved"), alter.cte("alter"))


_ALL_IN_ONE = _all_in_one()


def altered(candidate: Candidate) -> Row:
    """The candidate's row, as `write` takes it."""
    return {name: getattr(candidate, name) for name in ("id", *ALTERED)}


def _by_id(row: Row) -> dict[str, Any]:
    return {"of_id": row["id"], **{name: row[name] for name in ALTERED}}


def write(
    session: Session, cursor: int, candidates: Sequence[Row], changes: Sequence[Row], common: Row
) -> None:
    """Move the sheet's cursor, alter candidates, and add the changes to their history."""
    of_all = {f"of_{name}": value for name, value in common.items()}
    of_all["of_cursor"] = cursor
    if is_postgresql(session.connection()):
        given = {"altered": as_parameter(candidates), "added": as_parameter(changes)}
        session.execute(_ALL_IN_ONE, of_all | given)
        return
    session.execute(_MOVE, of_all)
    if candidates:
        session.connection().execute(_ALTER, [_by_id(row) for row in candidates])
        session.execute(_ADD, [{**common, **row} for row in changes])
