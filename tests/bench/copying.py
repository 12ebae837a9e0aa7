"""Copies of a centre in a service's database, by one statement for each table.

Each row that is about the centre or its account is written again for every further centre, with
its numbers and ids changed. What is forgotten in time is not copied: events that were published
and handled, mails, sign-ins.
"""

from contextlib import closing
from dataclasses import dataclass

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal
from sqlalchemy import Column, String, Table
from sqlalchemy.dialects import postgresql

from shared.db import PlatformBase
from shared.launcher.home import Home
from shared.launcher.postgres import ADMIN
from shared.service import load_service

SERVICES = ("identity", "marks", "sampling", "uploads", "reports", "gateway")
FORGOTTEN = {
    "browser_sessions",
    "challenges",
    "families",
    "idempotent_answers",
    "live_events",
    "mails",
    "outbox",
}
# What says of a row whose it is: the first of these columns that its table has.
OF_CENTRE = {"centre_no": "{}", "no": "{}", "subject": "{}/%", "aspect": "%:{}/%"}
USERS, USER_ID, ID = "users", "user_id", "id"
DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
NUMBER = SQL("of_copy::text")


@dataclass(frozen=True)
class Original:
    """What is copied: a centre and its only account."""

    centre_no: str
    user_id: str

    def rows_of(self, table: Table) -> Composed | None:
        """The condition of those that are about it; None where none is to be copied."""
        if table.name in FORGOTTEN:
            return None
        own = ID if table.name == USERS else USER_ID
        patterns = {name: like.format(self.centre_no) for name, like in OF_CENTRE.items()}
        for name, like in (patterns | {own: self.user_id}).items():
            if name in table.columns:
                return SQL("{} LIKE {}").format(Identifier(name), Literal(like))
        return None


def copy_centre(home: Home, service: str, original: Original, span: tuple[int, int]) -> None:
    """Write the centres of the numbers from the first to the last as the original is here."""
    with closing(connected(home, service)) as connection:
        # The copies refer to each other as the originals do: nothing is to be checked.
        connection.execute("SET session_replication_role = replica")
        with connection.transaction():
            for table in tables_of(service):
                rows = original.rows_of(table)
                if rows is not None:
                    connection.execute(_copying(connection, table, original, rows, span))
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def tables_of(service: str) -> list[Table]:
    metadata = (load_service(service).metadata, PlatformBase.metadata)
    return [table for each in metadata for table in each.sorted_tables]


def connected(home: Home, service: str) -> psycopg.Connection:
    """The superuser's connection to a service's database."""
    owner = home.secret(f"database-owner-url-{service}")
    password = home.secret("postgres-admin")
    return psycopg.connect(make_conninfo(owner, user=ADMIN, password=password), autocommit=True)


def _copying(
    connection: psycopg.Connection,
    table: Table,
    original: Original,
    rows: Composed,
    span: tuple[int, int],
) -> Composed:
    columns = [column for column in table.columns if column is not table.autoincrement_column]
    names = SQL(", ").join(Identifier(column.name) for column in columns)
    parts = {
        "table": Identifier(table.name),
        "columns": names,
        "rows": rows,
        "key": SQL(", ").join(Identifier(column.name) for column in table.primary_key),
    }
    found = SQL("SELECT {columns} FROM {table} WHERE {rows}").format(**parts)
    held = [" ".join(map(str, values)) for values in zip(*connection.execute(found), strict=True)]
    copied = [_copied(column, text, original) for column, text in zip(columns, held, strict=False)]
    return SQL(
        "INSERT INTO {table} ({columns}) SELECT {copied}"
        " FROM {table} CROSS JOIN generate_series({span}) AS copy(of_copy)"
        " WHERE {rows} ORDER BY of_copy, {key}"
    ).format(
        copied=SQL(", ").join(copied or [names]), span=SQL(", ").join(map(Literal, span)), **parts
    )


def _copied(column: Column[object], held: str, original: Original) -> Composable:
    """What a copy has in the column, which holds this in the original."""
    name = Identifier(column.name)
    if column.name == ID and column.table.name != USERS and isinstance(column.type, String):
        return _made_from(name)
    value: Composable = name
    for old, new in (
        (original.user_id, _made_from(Literal(original.user_id))),
        (original.centre_no, NUMBER),
    ):
        if old in held:
            value = SQL("replace({}::text, {}, {})").format(value, Literal(old), new)
    if value is name:
        return name
    kind = column.type.compile(DIALECT)
    return SQL("{}::{}").format(value, SQL(kind))


def _made_from(identifier: Composable) -> Composed:
    """The id of a copy."""
    return SQL("md5({} || {})").format(identifier, NUMBER)
