"""What the operators' commands of the services have in common."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from shared.bus import Bus, BusError
from shared.db import Database
from shared.events.models import Outbox
from shared.i18n import gettext as _
from shared.runtime import open_bus
from shared.settings import settings


@contextmanager
def database_of(service: str) -> Iterator[Database]:
    """The database of a service, whether the system runs or not.

    One that was never prepared, or cannot be reached, is told in words (`ClickException`).
    """
    url = settings().database_url(service)
    file = make_url(url).database if url.startswith("sqlite") else None
    if file and not Path(file).exists():
        raise _never_started(file)
    database = Database(url)
    try:
        if not inspect(database.engine).has_table(Outbox.__tablename__):
            raise _never_started(database.engine.url.render_as_string())
        yield database
    except DBAPIError as error:
        raise click.ClickException(
            _(
                "The database of %(service)s cannot be used: %(why)s",
                service=service,
                why=error.orig,
            )
        ) from error
    finally:
        database.close()


def _never_started(where: str) -> click.ClickException:
    return click.ClickException(
        _("There is nothing in %(where)s yet: start the system once with this home.", where=where)
    )


@contextmanager
def opened_bus() -> Iterator[Bus]:
    """The bus of this stack, whether the system runs or not; a fault is told in words."""
    told = settings()
    if not (told.amqp_url or told.bus_file.exists()):
        raise _never_started(str(told.bus_file))
    try:
        with closing(open_bus()) as bus:
            yield bus
    except BusError as error:
        raise click.ClickException(_("The bus cannot be used: %(why)s", why=error)) from error
