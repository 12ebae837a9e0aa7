"""The tables of one database as files, and back.

SQLite: the file itself, by its own backup. PostgreSQL: a CSV file for each table, which any server
of any version takes, and whoever wants to look. Their tables are made by our migrations, as far as
they had been made then.
"""

import csv
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import cast

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import func, inspect, literal_column, select, table
from sqlalchemy.orm import Session

from shared import migrate
from shared.backup.manifest import Kept
from shared.backup.point import be_patient
from shared.db import Database, PlatformBase
from shared.engine import is_postgresql
from shared.i18n import gettext as _
from shared.launcher.errors import LauncherError
from shared.service import Service

PIECE_BYTES = 2**18

Driver = psycopg.Connection[tuple[object, ...]]


def table_names(service: Service) -> list[str]:
    """In the order that they are filled in: what is referred to comes first."""
    tables = [*PlatformBase.metadata.sorted_tables, *service.metadata.sorted_tables]
    return [table.name for table in tables]


def count_rows(session: Session, names: Iterable[str]) -> dict[str, int]:
    return {
        name: session.scalars(select(func.count()).select_from(table(name))).one() for name in names
    }


def copy_out(session: Session, service: Service, folder: Path) -> None:
    """Write what the session sees of the database of `service`."""
    if not is_postgresql(session.connection()):
        _copy_sqlite(session, folder / f"{service.name}.sqlite")
        return
    into = folder / service.name
    into.mkdir()
    for name in table_names(service):
        out = SQL("COPY {} TO STDOUT (FORMAT csv, HEADER)").format(Identifier(name))
        with (into / f"{name}.csv").open("wb") as file, _cursor(session).copy(out) as rows:
            for piece in rows:
                file.write(piece)


def _copy_sqlite(session: Session, path: Path) -> None:
    source = cast("sqlite3.Connection", session.connection().connection.driver_connection)
    with closing(sqlite3.connect(path)) as copied:
        source.backup(copied)
        # One file, which nobody else has a part of.
        copied.execute("PRAGMA journal_mode=DELETE")
        (found,) = copied.execute("PRAGMA integrity_check").fetchone()
    if found != "ok":
        raise LauncherError(_("The copy %(file)s is damaged: %(why)s", file=path, why=found))


def is_empty(database: Database) -> bool:
    return not inspect(database.engine).get_table_names()


def copy_in(owner: Database, service: Service, folder: Path, kept: Kept) -> None:
    """Make the tables of an empty database as they were, with their rows."""
    if not is_postgresql(owner.engine):
        _copy_sqlite_back(owner, folder / f"{service.name}.sqlite")
        return
    for chain in (migrate.PLATFORM, migrate.chain_of(service)):
        migrate.upgrade(owner.engine, chain, to=kept.revisions[chain.name])
    with owner.transaction() as session:
        be_patient(session)
        for name in kept.rows:
            _fill(session, name, folder / service.name / f"{name}.csv")
            for column in inspect(session.connection()).get_columns(name):
                if column.get("autoincrement"):
                    _go_on_counting(session, name, column["name"])


def _copy_sqlite_back(owner: Database, path: Path) -> None:
    with closing(sqlite3.connect(path)) as kept, closing(owner.engine.raw_connection()) as pooled:
        kept.backup(cast("sqlite3.Connection", pooled.driver_connection))


def _fill(session: Session, name: str, path: Path) -> None:
    """Put the rows of a file into a table, whose columns may have another order by now."""
    with path.open("rb") as file:
        columns = next(csv.reader([file.readline().decode()]))
        named = SQL(", ").join(map(Identifier, columns))
        into = SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(Identifier(name), named)
        with _cursor(session).copy(into) as rows:
            while piece := file.read(PIECE_BYTES):
                rows.write(piece)


def _go_on_counting(session: Session, name: str, column: str) -> None:
    """Have the next row numbered after those that there are."""
    numbers = func.pg_get_serial_sequence(name, column)
    last = select(func.setval(numbers, func.max(literal_column(column)))).select_from(table(name))
    session.execute(last)


def _cursor(session: Session) -> psycopg.Cursor[tuple[object, ...]]:
    """The driver's, within the transaction of the session."""
    return cast("Driver", session.connection().connection.driver_connection).cursor()
