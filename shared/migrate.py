"""Migrations: two chains per database, the platform's tables and the service's own.

Each chain has its own version table, so a change of the platform is written once and reaches
every service. `python -m shared.migrate SERVICE "what changes"` writes the next revision of a
service from its models (`platform` for the platform's own chain).
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData
from sqlalchemy.engine import Connection, Engine

import shared.access.models
import shared.audit
import shared.events.models
import shared.web.idempotency
from shared.db import Database, PlatformBase
from shared.service import Service, load_service

ROOT = Path(__file__).resolve().parent
PLATFORM_TABLES = (shared.access.models, shared.audit, shared.events.models, shared.web.idempotency)


@dataclass(frozen=True)
class Chain:
    """One line of revisions and the tables it makes."""

    name: str
    folder: Path
    metadata: MetaData

    @property
    def version_table(self) -> str:
        return "alembic_version" if self.name != "platform" else "alembic_version_platform"

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


PLATFORM = Chain("platform", ROOT / "migrations", PlatformBase.metadata)


def chain_of(service: Service) -> Chain:
    """The chain of a service's own tables, in `services/<name>/migrations`."""
    return Chain(service.name, service.folder / "migrations", service.metadata)


def upgrade(engine: Engine, *chains: Chain) -> None:
    """Bring the database of `engine` to the newest revision of each chain, in one transaction."""
    with engine.begin() as connection:
        for chain in chains:
            command.upgrade(chain.config(connection), "head")


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
