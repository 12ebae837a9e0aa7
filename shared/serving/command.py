"""`iamis serve`: what the launcher and the containers run for each service."""

import os
import sys

import click

from shared.service import load_service
from shared.serving import application
from shared.settings import settings


@click.command(hidden=True)
@click.argument("service")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: IAMIS_PORT.")
def serve(service: str, port: int | None) -> None:
    """Serve SERVICE over HTTP, with its relay and consumer."""
    found = load_service(service)
    if found.public and "gevent.monkey" not in sys.modules:
        arguments = ["-m", "shared.serving.evented", *sys.argv[1:]]
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - no shell is wanted
    application.serve(found, port or settings().port)
