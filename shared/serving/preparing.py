"""`iamis prepare`: run once before the services start, apart from serving them."""

import click

from shared.prepare import prepare as prepare_service
from shared.service import load_service


@click.command(hidden=True)
@click.argument("services", nargs=-1, required=True)
def prepare(services: tuple[str, ...]) -> None:
    """Migrate the databases of SERVICES and declare their queues, one after the other."""
    for name in services:
        prepare_service(load_service(name))
