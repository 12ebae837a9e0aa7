"""Getting a service ready to be started: apart from serving, which need not load Alembic."""

from shared import migrate
from shared.access.tokens import store_first_keys
from shared.runtime import open_bus, open_database
from shared.service import Service
from shared.settings import settings


def prepare(service: Service) -> None:
    """Migrate the database, take the first public keys, declare the queue: safe to repeat."""
    database = open_database(service)
    migrate.upgrade(database.engine, migrate.PLATFORM, migrate.chain_of(service))
    service.on_prepare(database)
    with database.transaction() as session:
        store_first_keys(session, settings().jwks_file)
    bus = open_bus()
    bus.declare(service.queue, service.bindings)
    bus.close()
    database.close()
