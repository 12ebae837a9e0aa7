"""The database of a service under test: SQLite, or with `--database postgresql` PostgreSQL.

A template is migrated once, and every test gets a copy of it. On PostgreSQL a service works as its
runtime role, so what its grants leave out fails here.
"""

import itertools
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from psycopg.sql import SQL, Identifier
from sqlalchemy import text
from sqlalchemy.engine import URL

from shared import migrate
from shared.db import Database, PlatformBase
from shared.launcher import databases
from shared.launcher.ports import LOOPBACK
from shared.launcher.postgres import Postgres
from shared.prepare import migrate_database
from shared.service import Service
from tests.support.postgres import quick_postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"
PASSWORD = "of a test"

Fill = Callable[[Database], None]
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Copy:
    """A database for one test."""

    url: str
    give_back: Callable[[], None] = lambda: None


class Template(Protocol):
    """An empty, migrated database to be copied for each test."""

    def copy(self, folder: Path) -> Copy: ...


@dataclass(frozen=True)
class SqliteTemplate:
    """A file."""

    path: Path

    @classmethod
    def made(cls, service: Service, folder: Path, fill: Fill) -> "SqliteTemplate":
        path = folder / f"{service.name}.sqlite"
        database = Database(f"sqlite:///{path}")
        migrate.upgrade(database.engine, migrate.PLATFORM, migrate.chain_of(service))
        fill(database)
        with database.engine.connect() as connection:
            connection.connection.driver_connection.execute(  # type: ignore[union-attr]
                "PRAGMA wal_checkpoint(TRUNCATE)"
            )
        database.close()
        return cls(path)

    def copy(self, folder: Path) -> Copy:
        copied = folder / "service.sqlite"
        shutil.copyfile(self.path, copied)
        return Copy(f"sqlite:///{copied}")


@dataclass
class PostgresTemplate:
    """A database of the server that all tests share; copies are emptied and used again."""

    server: Postgres
    service: Service
    fill: Fill
    free: list[Database] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.account = databases.Account(f"{self.service.name}{next(_numbers)}", PASSWORD, PASSWORD)
        with self.server.admin() as admin:
            databases.create(admin, [self.account])
        owner = Database(self.url(self.account.owner, self.account.database))
        migrate_database(self.service, owner.engine, self.account.role)
        self.fill(owner)
        owner.close()
        metadata = (self.service.metadata, PlatformBase.metadata)
        tables = [table for each in metadata for table in reversed(each.sorted_tables)]
        self._clear = text("; ".join(str(table.delete()) for table in tables))

    def url(self, role: str, database: str) -> str:
        made = URL.create("postgresql", role, PASSWORD, LOOPBACK, self.server.port, database)
        return made.render_as_string(hide_password=False)

    def copy(self, folder: Path) -> Copy:
        owner = self.free.pop() if self.free else self._clone()
        name = str(owner.engine.url.database)
        return Copy(self.url(self.account.role, name), lambda: self._empty(owner))

    def close(self) -> None:
        for owner in self.free:
            owner.close()

    def _clone(self) -> Database:
        """A copy of the database, as its owner has it."""
        name = f"{self.account.database}_{next(_numbers)}"
        statement = SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            Identifier(name), Identifier(self.account.database), Identifier(self.account.owner)
        )
        with self.server.admin() as admin:
            admin.execute(statement)
        return Database(self.url(self.account.owner, name))

    def _empty(self, owner: Database) -> None:
        with owner.transaction() as session:
            session.execute(self._clear)
        self.fill(owner)
        self.free.append(owner)


class Choice:
    """Which database the tests of this run are on; the server is started when it is needed."""

    def __init__(self) -> None:
        self.kind = SQLITE
        self._running = ExitStack()
        self._server: Postgres | None = None

    def start(self) -> Postgres:
        """The server, started at the first call."""
        if self._server is None:
            self._server = self._running.enter_context(quick_postgres())
        return self._server

    def stop(self) -> None:
        self._running.close()
        self._server = None

    def on_postgresql(self, service: Service, fill: Fill) -> PostgresTemplate:
        made = PostgresTemplate(self.start(), service, fill)
        self._running.callback(made.close)
        return made

    def template(self, service: Service, folder: Path, fill: Fill) -> Template:
        if self.kind == POSTGRESQL:
            return self.on_postgresql(service, fill)
        return SqliteTemplate.made(service, folder, fill)


CHOICE = Choice()
