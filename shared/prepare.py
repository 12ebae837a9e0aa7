"""Getting a service ready to be started: apart from serving, which need not load Alembic."""

import logging
from contextlib import closing

from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from shared import grants, migrate
from shared.access.tokens import store_first_keys
from shared.db import Database, PlatformBase
from shared.engine import is_postgresql
from shared.i18n import gettext as _
from shared.locks import held_alone
from shared.revisions import are_there, needed_by
from shared.runtime import open_bus, open_database
from shared.service import Service
from shared.settings import SettingsError, settings

log = logging.getLogger(__name__)

LOCK = "prepare"
# Longer than any migration: whoever waits finds everything done.
LOCK_SECONDS = 600.0
# True where text is compared byte by byte, as SQLite does.
BYTEWISE = "SELECT 'Z' < 'a' AND 'z' < 'é'"


def prepare(service: Service) -> None:
    """Migrate the database, take the first public keys, declare the queue.

    It is safe to repeat, and for several to do at once: one does it, the others wait.
    """
    owner, database = Database(settings().owner_url(service.name)), open_database(service)
    with held_alone(owner.engine, LOCK, LOCK_SECONDS):
        migrate_database(service, owner.engine, database.engine.url.username)
        service.on_prepare(database)
        database.run(lambda session: store_first_keys(session, settings().jwks_file))
        bus = open_bus()
        bus.declare(service.queue, service.bindings)
        bus.close()
    database.close()
    owner.close()


def migrate_database(service: Service, owner: Engine, role: str | None) -> None:
    """Bring the tables to the newest revision, and let `role` work with them."""
    _require_bytewise(service, owner)
    migrate.upgrade(owner, migrate.PLATFORM, migrate.chain_of(service))
    grants.grant(owner, role, PlatformBase.metadata, service.metadata)


def is_prepared(service: Service) -> bool:
    """Whether the tables are those of this release, or of a later one that was here before."""
    with closing(open_database(service)) as database:
        try:
            return are_there(database, needed_by(service.folder))
        except DBAPIError as error:
            log.info("not prepared yet", extra={"error": str(error.orig)})
            return False


def _require_bytewise(service: Service, engine: Engine) -> None:
    """Refuse a database that would sort names otherwise than the rest of the system."""
    if not is_postgresql(engine):
        return
    with engine.connect() as connection:
        bytewise = connection.execute(text(BYTEWISE)).scalar_one()
    if not bytewise:
        problem = _(
            "The database of %(service)s sorts text by the rules of a language: "
            "create it with LOCALE 'C.UTF-8'.",
            service=service.name,
        )
        raise SettingsError((problem,))
