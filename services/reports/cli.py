"""Operators' commands of reports."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError

from services.reports.commands import rebuilding, verifying
from shared import audit, migrate
from shared.db import Database
from shared.events.command import tell
from shared.i18n import gettext as _
from shared.operators import database_of, opened_bus
from shared.service import Service, load_service, service_names

REPORTS = "reports"


@click.group()
def reports() -> None:
    """Look after the read model that reports are made from."""


@reports.command()
@click.option("--yes", is_flag=True, help=_("Do not ask."))
def rebuild(*, yes: bool) -> None:
    """Forget the read model and be told it again.

    There are no reports until the service has taken in what it is told. Reports of moderators,
    which are written there, stay.
    """
    if not yes:
        click.confirm(_("Reports are incomplete meanwhile. Go on?"), abort=True)
    with opened_bus() as bus:
        # Without its queue nothing could be told.
        bus.depth(_reports().queue)
    with database_of(REPORTS) as database, database.transaction() as session:
        rebuilding.forget_all(session)
        audit.record(session, None, "reports.rebuilt", REPORTS, audit.Change())
    at_last = rebuilding.AT_LAST
    for types in (_reports().handlers.keys() - at_last, at_last):
        for source in _sources():
            if count := tell(source, _reports(), types):
                said = _("%(service)s: %(count)s events.", service=source.name, count=count)
                click.echo(said)


@reports.command()
def verify() -> None:
    """Compare the read model with its sources.

    That is what marks and the other services would tell now. What is on its way meanwhile is told
    as a difference: look again when nobody works. The exit status is 1 where something differs.
    """
    with database_of(REPORTS) as database, _scratch() as told:
        for source in _sources():
            _take_in(source, told)
        found = _compare(database, told)
    for sheet, about in found:
        click.echo(f"{sheet}\t{about}")
    if found:
        raise click.ClickException(_("%(found)s reports differ.", found=len(found)))
    click.echo(_("Every report is as it is told."))


def _reports() -> Service:
    return load_service(REPORTS)


def _sources() -> Iterator[Service]:
    """The services with something to tell reports."""
    for name in service_names():
        service = load_service(name)
        if service.present.keys() & _reports().own_handlers.keys():
            yield service


@contextmanager
def _scratch() -> Iterator[Database]:
    """An empty database of reports, gone at the end; faults of its own are told as such."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'told.sqlite'}")
        event.listen(database.engine, "handle_error", _scratch_unusable)
        try:
            migrate.upgrade(database.engine, migrate.PLATFORM, migrate.chain_of(_reports()))
            yield database
        finally:
            database.close()


def _scratch_unusable(context: ExceptionContext) -> None:
    """Say so: whoever reads another database meanwhile would take it for a fault of that one."""
    if isinstance(context.sqlalchemy_exception, OperationalError):
        raise click.ClickException(
            _(
                "The temporary database in %(folder)s cannot be used: %(why)s. "
                "Set TMPDIR to a folder that has room.",
                folder=tempfile.gettempdir(),
                why=context.original_exception,
            )
        )


def _take_in(source: Service, told: Database) -> None:
    label = _("Reading %(service)s", service=source.name)
    with (
        database_of(source.name) as database,
        click.progressbar(length=0, label=label, file=sys.stderr, show_pos=True) as bar,
    ):
        verifying.take_in(_reports().own_handlers, source.present, database, told, bar.update)


def _compare(database: Database, told: Database) -> list[tuple[str, str]]:
    with database.reading() as kept, told.reading() as expected:
        total = len(verifying.sheets_of(kept) | verifying.sheets_of(expected))
        with click.progressbar(length=total, label=_("Comparing"), file=sys.stderr) as bar:
            return list(verifying.compare(kept, expected, bar.update))
