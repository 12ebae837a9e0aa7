"""A database and two roles for each service, on a PostgreSQL server that belongs to us.

The owner's role migrates; the one that serves may not, and has just what it is granted. Text is
compared byte by byte (`C`), as SQLite does, so that a list has one order on every database; what
is a letter comes from Unicode.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

PREFIX = "iamis_"
OWNER = "_owner"


@dataclass(frozen=True)
class Account:
    """What one service has on the server: the names are derived, the passwords are given."""

    service: str
    password: str = field(repr=False)
    owner_password: str = field(repr=False)

    @property
    def database(self) -> str:
        return f"{PREFIX}{self.service}"

    @property
    def role(self) -> str:
        return self.database

    @property
    def owner(self) -> str:
        return f"{self.database}{OWNER}"


def create(admin: Connection, accounts: Sequence[Account]) -> None:
    """Make the roles and databases that are missing, and set every password: safe to repeat.

    `admin` is a superuser's connection in autocommit.
    """
    roles = _names(admin, SQL("SELECT rolname FROM pg_roles"))
    databases = _names(admin, SQL("SELECT datname FROM pg_database"))
    for account in accounts:
        _set_role(admin, account.owner, account.owner_password, roles)
        _set_role(admin, account.role, account.password, roles)
        if account.database not in databases:
            admin.execute(_create_database(account))
        _execute(admin, _permissions(account))


def _names(admin: Connection, query: SQL) -> set[str]:
    return {name for (name,) in admin.execute(query)}


def _set_role(admin: Connection, role: str, password: str, existing: set[str]) -> None:
    verb = SQL("ALTER" if role in existing else "CREATE")
    # Hashed here: a statement may be logged, and a password must not.
    verifier = admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    admin.execute(
        SQL("{} ROLE {} LOGIN PASSWORD {}").format(
            verb, Identifier(role), Literal(verifier.decode())
        )
    )


def _create_database(account: Account) -> Composed:
    return SQL(
        "CREATE DATABASE {} OWNER {} TEMPLATE template0 "
        "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
    ).format(Identifier(account.database), Identifier(account.owner))


def _permissions(account: Account) -> Iterable[Composed]:
    database, role = Identifier(account.database), Identifier(account.role)
    yield SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)
    yield SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role)


def _execute(admin: Connection, statements: Iterable[Composed]) -> None:
    for statement in statements:
        admin.execute(statement)
