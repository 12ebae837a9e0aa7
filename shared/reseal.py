"""Sealing anew, with the newest secret, what older ones have sealed in a database.

Each batch is a transaction of its own, and a row is changed only where it still holds what was
read: so services may go on meanwhile, and what was stopped is begun again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Text, Update, bindparam, func, select, tuple_, type_coerce, update
from sqlalchemy.orm import Session

from shared import audit
from shared.db import Database, PlatformBase
from shared.seal import SealedByOwner, seal_for
from shared.service import Service

BATCH = 200
NEW, OLD = "new", "old"


@dataclass(frozen=True)
class Resealed:
    """How many values were sealed anew, and how many no secret opens."""

    renewed: int = 0
    unreadable: int = 0

    def __add__(self, other: "Resealed") -> "Resealed":
        return Resealed(self.renewed + other.renewed, self.unreadable + other.unreadable)


def sealed_columns(service: Service) -> list[Column[Any]]:
    """Every sealed column of the database of a service."""
    tables = [*service.metadata.sorted_tables, *PlatformBase.metadata.sorted_tables]
    return [
        column
        for table in tables
        for column in table.columns
        if isinstance(column.type, SealedByOwner)
    ]


def count(session: Session, columns: list[Column[Any]]) -> int:
    """How many values there are to look at."""
    parts = [select(func.count(column).label("n")).scalar_subquery() for column in columns]
    return sum(session.execute(select(*parts)).one()) if parts else 0


def reseal(
    database: Database, service: Service, on_progress: Callable[[int], object] = lambda _n: None
) -> Resealed:
    """Seal everything of a service anew; `on_progress` gets how many values were looked at."""
    done = Resealed()
    for column in sealed_columns(service):
        for looked_at, found in _column(database, column):
            on_progress(looked_at)
            done += found
    if done != Resealed():
        with database.transaction() as session:
            change = audit.Change(after=vars(done))
            audit.record(session, None, "secrets.resealed", service.name, change)
    return done


def _column(database: Database, column: Column[Any]) -> Iterator[tuple[int, Resealed]]:
    keys, after = list(column.table.primary_key.columns), None
    stored = type_coerce(column, Text).label(OLD)
    while True:
        asked = select(*keys, stored).where(column.is_not(None)).order_by(*keys).limit(BATCH)
        if after is not None:
            asked = asked.where(tuple_(*keys) > tuple_(*after))
        with database.reading() as session:
            rows = [dict(row) for row in session.execute(asked).mappings()]
        if not rows:
            return
        yield len(rows), _renew(database, column, rows)
        after = [rows[-1][key.name] for key in keys]


def _renew(database: Database, column: Column[Any], rows: list[dict[str, Any]]) -> Resealed:
    seal = seal_for(column.type.purpose)  # type: ignore[attr-defined]
    fresh = [(row, seal.renew(row[OLD])) for row in rows]
    changed = [row | {NEW: new} for row, new in fresh if new not in {None, row[OLD]}]
    if changed:
        given = [{f"_{name}": value for name, value in row.items()} for row in changed]
        with database.transaction() as session:
            session.connection().execute(_change(column), given)
    return Resealed(len(changed), sum(new is None for _row, new in fresh))


def _change(column: Column[Any]) -> Update:
    """The update of one row, if it still holds what was read."""
    same = [key == bindparam(f"_{key.name}") for key in column.table.primary_key.columns]
    still = type_coerce(column, Text) == bindparam(f"_{OLD}")
    renewed = type_coerce(bindparam(f"_{NEW}"), Text)
    return update(column.table).where(*same, still).values({column: renewed})
