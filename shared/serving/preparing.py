"""`iamis prepare`: run once before the services start, apart from serving them."""

import time

import click

from shared.commands import tools
from shared.i18n import gettext as _
from shared.prepare import is_prepared
from shared.prepare import prepare as prepare_service
from shared.service import Service, load_service

LOOK_SECONDS = 1.0


@click.command()
@click.argument("services", nargs=-1, required=True)
@click.option("--wait", is_flag=True, help=_("Only wait until somebody else has done it."))
def prepare(services: tuple[str, ...], *, wait: bool) -> None:
    """Migrate the databases of SERVICES, declare their queues.

    Tools of centres lose what is sealed since they were added.
    """
    for name in services:
        service = load_service(name)
        if wait:
            wait_for(service)
        else:
            prepare_service(service)
    if tools.AUDITED_IN in services and not wait:
        tools.unseal()


def wait_for(service: Service) -> None:
    while not is_prepared(service):
        time.sleep(LOOK_SECONDS)
