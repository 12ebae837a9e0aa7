"""`iamis serve`: what the launcher and the containers run for each service."""

import os
import sys
import time
from pathlib import Path

import click

from shared.service import load_service
from shared.serving import application
from shared.settings import settings

GATE_SECONDS = 0.02


@click.command(hidden=True)
@click.argument("service")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: IAMIS_PORT.")
@click.option("--after", type=click.Path(path_type=Path), help="Load all, then wait for this file.")
def serve(service: str, port: int | None, after: Path | None) -> None:
    """Serve SERVICE over HTTP, with its relay and consumer."""
    found = load_service(service)
    if found.public and "gevent.monkey" not in sys.modules:
        arguments = ["-m", "shared.serving.evented", *sys.argv[1:]]
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - no shell is wanted
    while after and not after.exists():
        time.sleep(GATE_SECONDS)
    application.serve(found, port or settings().port)
