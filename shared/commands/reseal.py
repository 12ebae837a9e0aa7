"""`iamis keys reseal`."""

import sys

import click

from shared.i18n import gettext as _
from shared.operators import database_of
from shared.reseal import Resealed, count, sealed_columns
from shared.reseal import reseal as seal_anew
from shared.service import Service, load_service, service_names


@click.command("reseal")
def reseal() -> None:
    """Seal everything with the newest IAMIS_SECRET_KEY.

    What older ones have sealed is sealed anew, in every service. It may run while the services do,
    and again. Afterwards the older ones can go. The exit status is 1 where something was found that
    none of them opens.
    """
    unreadable = 0
    for name in service_names():
        found = _reseal(load_service(name))
        unreadable += found.unreadable
        click.echo(_("%(service)s: %(count)s sealed anew.", service=name, count=found.renewed))
    if unreadable:
        said = _("%(count)s values are sealed with a secret that is not given.", count=unreadable)
        raise click.ClickException(said)


def _reseal(service: Service) -> Resealed:
    with database_of(service.name) as database:
        with database.reading() as session:
            total = count(session, sealed_columns(service))
        label = _("Sealing %(service)s anew", service=service.name)
        with click.progressbar(length=total, label=label, file=sys.stderr, show_pos=True) as bar:
            return seal_anew(database, service, bar.update)
