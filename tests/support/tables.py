"""What the read model of reports holds, to be compared with what it held before."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from sqlalchemy import Column, Connection, Table, select

from services.reports.commands.rebuilding import TOLD_BY_OTHERS
from services.reports.commands.verifying import sheets_of
from services.reports.queries.details import candidate_details
from shared.db import Database

# Guards: what is told again has the last sequence of its subject, whatever of it the event changed.
# And of a mark corrected since its submission, that one has the correction in it when it is told
# again: which mark counts is in the reports themselves.
NOT_COMPARED = ("sequence", "effective_total")

Digest = tuple[int, str]


def digests(database: Database) -> dict[str, Digest]:
    """How much there is, and of what content: of each table that others tell, of all reports."""
    found = {}
    with database.engine.connect() as connection:
        for model in TOLD_BY_OTHERS:
            table = model.__table__
            assert isinstance(table, Table)
            found[table.name] = _digest(_rows(connection, table))
    return found | {"every report": _digest(_reports(database))}


def _digest(content: Iterable[object]) -> Digest:
    count, digest = 0, sha256()
    for one in content:
        digest.update(repr(one).encode())
        count += 1
    return count, digest.hexdigest()


def _rows(connection: Connection, table: Table) -> Iterator[object]:
    """In the order of their keys."""
    shown = [column for column in table.columns if _is_compared(column)]
    asked = select(*shown).order_by(*table.primary_key)
    rows = connection.execution_options(yield_per=500).execute(asked)
    return (tuple(row) for row in rows)


def _is_compared(column: Column[object]) -> bool:
    return not column.name.endswith(NOT_COMPARED)


def _reports(database: Database) -> Iterator[object]:
    with database.reading() as session:
        sheets = sorted(sheets_of(session))
    for sheet in sheets:
        with database.reading() as session:
            yield replace(candidate_details(session, *sheet), as_of=None)
