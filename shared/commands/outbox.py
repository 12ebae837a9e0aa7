"""`iamis outbox`: whether events go out."""

import click

from shared import audit
from shared.commands.table import show
from shared.events.backlog import backlog, take_back
from shared.i18n import gettext as _
from shared.operators import database_of
from shared.service import service_names


@click.group()
def outbox() -> None:
    """Look at the events that wait to be published."""


@outbox.command()
def status() -> None:
    """Tell how many events wait in each service.

    The age is that of the oldest, in seconds. Set aside is what the bus never takes, such as an
    event larger than the broker's limit; it waits for `iamis outbox retry`. The exit status is 1
    where a database cannot be looked into.
    """
    rows: list[tuple[str, object, str, object]] = []
    faults: list[str] = []
    for name in service_names():
        try:
            with database_of(name) as database, database.reading() as session:
                found = backlog(session)
        except click.ClickException as error:
            faults.append(error.message)
        else:
            rows.append((name, found.waiting, f"{found.age_seconds:.1f}", found.aside))
    show((_("service"), _("waiting"), _("oldest, s"), _("set aside")), rows)
    if faults:
        raise click.ClickException("\n".join(faults))


@outbox.command()
def retry() -> None:
    """Publish the events that were set aside after all."""
    for name in service_names():
        with database_of(name) as database, database.transaction() as session:
            count = take_back(session)
            if not count:
                continue
            change = audit.Change(after={"events": count})
            audit.record(session, None, "outbox.retried", name, change)
        said = _("%(service)s: %(count)s go out again.", service=name, count=count)
        click.echo(said)
