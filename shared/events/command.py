"""`iamis republish`."""

import sys
from collections.abc import Collection
from contextlib import closing

import click

from shared import audit
from shared.bus import BusError
from shared.events.republish import republish as tell_again
from shared.i18n import gettext as _
from shared.operators import database_of
from shared.runtime import open_bus
from shared.service import Service, load_service, service_names


@click.command("republish")
@click.option(
    "--service",
    "sources",
    multiple=True,
    type=click.Choice(service_names()),
    help=_("Whose state is told; all services where none is named."),
)
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Choice(service_names()),
    help=_("The service that is told."),
)
def republish(sources: tuple[str, ...], target: str) -> None:
    """Tell a service the present state of the others again.

    It is told by ordinary events, for a queue that was lost or a database that is built anew. What
    the service knows already changes nothing.
    """
    told = load_service(target)
    for name in sources or service_names():
        count = tell(load_service(name), told, told.handlers)
        said = _("%(service)s: %(count)s events for %(to)s.", service=name, count=count, to=target)
        click.echo(said)


def tell(source: Service, target: Service, types: Collection[str]) -> int:
    """Tell `target` what `source` has to say of these types; returns how many events."""
    keys = set(types) & set(source.present)
    if not keys:
        return 0
    label = _("Telling the state of %(service)s", service=source.name)
    with (
        database_of(source.name) as database,
        closing(open_bus()) as bus,
        click.progressbar(length=0, label=label, file=sys.stderr, show_pos=True) as bar,
    ):
        try:
            count = tell_again(database, source.present, keys, bus, target.queue, bar.update)
        except BusError as error:
            raise click.ClickException(str(error)) from error
        with database.transaction() as session:
            after = {"to": target.name, "types": sorted(keys), "events": count}
            change = audit.Change(after=after)
            audit.record(session, None, "events.republished", source.name, change)
    return count
