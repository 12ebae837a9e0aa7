"""What the runtime role of a service may do: everything with rows, but for what is append-only.

Tables belong to the owner's role, which migrates. The one that serves reads and writes rows, never
changes a table, and of tables marked `APPEND_ONLY` (the audit trail, the history of marks) neither
updates nor deletes a row.
"""

from collections.abc import Iterator

from sqlalchemy import MetaData, Table, inspect
from sqlalchemy.engine import Connection, Engine

from shared.engine import is_postgresql

ROWS = "SELECT, INSERT, UPDATE, DELETE"
ROWS_ADDED = "SELECT, INSERT"
VERSION_TABLES = "alembic_version"


def grant(owner: Engine, role: str | None, *tables: MetaData) -> None:
    """Give `role` just what it needs of these tables; nothing where it is the owner itself."""
    if not is_postgresql(owner) or not role or role == owner.url.username:
        return
    with owner.begin() as connection:
        for statement in _statements(connection, role, tables):
            connection.exec_driver_sql(statement)


def _statements(connection: Connection, role: str, tables: tuple[MetaData, ...]) -> Iterator[str]:
    quote = connection.dialect.identifier_preparer.quote
    to = quote(role)
    yield f"GRANT USAGE ON SCHEMA public TO {to}"
    # All in one transaction: nobody ever sees the role with less than it needs.
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {to}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {to}"
    for metadata in tables:
        for table in metadata.sorted_tables:
            yield f"GRANT {_rights(table)} ON {quote(table.name)} TO {to}"
    for name in inspect(connection).get_table_names():
        # Which revision there is, for `iamis doctor` and `/readyz`.
        if name.startswith(VERSION_TABLES):
            yield f"GRANT SELECT ON {quote(name)} TO {to}"


def _rights(table: Table) -> str:
    return ROWS_ADDED if table.info.get("append_only") else ROWS
