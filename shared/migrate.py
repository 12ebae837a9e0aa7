"""Migrations: two chains per database, the platform's tables and the service's own.

Each chain has its own version table, so a change of the platform is written once and reaches
every service. `python -m shared.migrate SERVICE "what changes"` writes the next revision of a
service from its models (`platform` for the platform's own chain).
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import MetaData
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

import shared.access.models
import shared.audit
import shared.events.models
import shared.mail.models
import shared.web.idempotency
from shared.db import Database, PlatformBase
from shared.engine import WRITES, is_postgresql, take_time
from shared.revisions import OWN_TABLE, PLATFORM_FOLDER, PLATFORM_TABLE
from shared.service import Service, load_service

LOCK_TIMEOUT = "2s"
ATTEMPTS = 30
PAUSE_SECONDS = 1.0

ROOT = Path(__file__).resolve().parent
PLATFORM_TABLES = (
    shared.access.models,
    shared.audit,
    shared.events.models,
    shared.mail.models,
    shared.web.idempotency,
)


@dataclass(frozen=True)
class Chain:
    """One line of revisions and the tables it makes."""

    name: str
    folder: Path
    metadata: MetaData

    @property
    def version_table(self) -> str:
        return OWN_TABLE if self.name != "platform" else PLATFORM_TABLE

    def config(self, connection: Connection | None = None) -> Config:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "alembic"))
        config.set_main_option("version_locations", str(self.folder))
        config.set_main_option("path_separator", "newline")
        config.set_main_option("file_template", "%%(rev)s")
        config.attributes.update(
            connection=connection,
            metadata=self.metadata,
            version_table=self.version_table,
            include_name=self.owns(),
        )
        return config

    def owns(self) -> Callable[[str | None, str, Any], bool]:
        tables = self.metadata.tables
        return lambda name, kind, _parents: kind != "table" or name in tables

    def heads(self) -> list[str]:
        return list(ScriptDirectory.from_config(self.config()).get_heads())

    def revisions(self, connection: Connection) -> list[str]:
        """What the database has of it."""
        options = {"version_table": self.version_table}
        return list(MigrationContext.configure(connection, opts=options).get_current_heads())


PLATFORM = Chain("platform", PLATFORM_FOLDER, PlatformBase.metadata)


def chain_of(service: Service) -> Chain:
    """The chain of a service's own tables, in `services/<name>/migrations`."""
    return Chain(service.name, service.folder / "migrations", service.metadata)


def upgrade(engine: Engine, *chains: Chain, to: str = "head") -> None:
    """Bring the database of `engine` to the newest revision of each chain, in one transaction.

    It never waits long for a table, for all who come later would wait behind it: it tries again,
    and so it does where it and others waited for one another.
    """
    for attempt in range(ATTEMPTS):
        try:
            return _upgrade(engine, chains, to)
        except OperationalError as error:
            in_use = isinstance(error.orig, LockNotAvailable | DeadlockDetected)
            if not in_use or attempt + 1 == ATTEMPTS:
                raise
        time.sleep(PAUSE_SECONDS)
    return None


def _upgrade(engine: Engine, chains: tuple[Chain, ...], to: str) -> None:
    with (
        engine.execution_options(**{WRITES: True}).connect() as connection,
        _tables_made_anew(connection),
        connection.begin(),
    ):
        if is_postgresql(engine):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            take_time(connection)
        for chain in chains:
            command.upgrade(chain.config(connection), to)


@contextmanager
def _tables_made_anew(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: meanwhile nothing may refer to it."""
    if is_postgresql(connection):
        yield
        return
    # SQLite heeds it outside a transaction alone, and SQLAlchemy would begin one.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def differences(engine: Engine, chain: Chain) -> list[Any]:
    """What the models have that the migrated database has not, and the other way about."""
    with engine.connect() as connection:
        options = {"include_name": chain.owns(), "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, chain.metadata))


def write_revision(name: str, message: str) -> None:
    """Write the next revision of a chain from the difference between models and migrations."""
    chain = PLATFORM if name == "platform" else chain_of(load_service(name))
    database = Database("sqlite://")
    upgrade(database.engine, chain)
    number = f"{len(list(chain.folder.glob('[0-9]*.py'))) + 1:04d}"
    with database.engine.begin() as connection:
        command.revision(chain.config(connection), message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    write_revision(sys.argv[1], sys.argv[2])
