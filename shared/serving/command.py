"""`iamis serve` and `iamis worker`: what the launcher and the containers run for each service.

What they run is imported when it is known how: prometheus_client decides at its import whether its
numbers are those of one process.
"""

import os
import pkgutil
import shutil
import sys
import time
from pathlib import Path

import click

from shared.i18n import gettext as _
from shared.launcher.errors import LauncherError
from shared.settings import METRICS_FOLDER, adopt, settings

GATE_SECONDS = 0.02
PORTS = click.IntRange(1, 65535)
after_gate = click.option(
    "--after",
    type=click.Path(path_type=Path),
    help=_("Load the program, and begin once this file exists."),
)


@click.command()
@click.argument("service")
@click.option("--port", type=PORTS, help=_("Default: IAMIS_PORT."))
@click.option("--workers", type=click.IntRange(1), help=_("Default: IAMIS_WORKERS."))
@click.option("--threads", type=click.IntRange(1), help=_("Default: IAMIS_THREADS."))
@after_gate
def serve(
    service: str, port: int | None, workers: int | None, threads: int | None, after: Path | None
) -> None:
    """Serve SERVICE over HTTP.

    On the embedded stack its relay and consumer run beside it, in the same process.
    """
    given = {"IAMIS_PORT": port, "IAMIS_WORKERS": workers, "IAMIS_THREADS": threads}
    adopt({name: str(value) for name, value in given.items() if value})
    if settings().workers > 1:
        share_metrics(service)
    found = pkgutil.resolve_name("shared.service:load_service")(service)
    if found.public and "gevent.monkey" not in sys.modules:
        arguments = ["-m", "shared.serving.evented", *sys.argv[1:]]
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - no shell is wanted
    run = pkgutil.resolve_name("shared.serving.application:serve")
    wait_for(after)
    run(found)


@click.command()
@click.argument("service")
@click.option(
    "--role",
    type=click.Choice(["relay", "consumer", "all"]),
    default="all",
    show_default=True,
    help=_("What it does: publish the events of the service, handle those of others, or both."),
)
@click.option("--port", type=PORTS, help=_("Where /livez, /readyz and /metrics answer."))
@after_gate
def worker(service: str, role: str, port: int | None, after: Path | None) -> None:
    """Work on the events of SERVICE, until SIGTERM.

    The event in hand is finished then. For the real stack, where it runs apart from `iamis serve`,
    in as many copies as are needed.
    """
    if settings().stack == "embedded":
        raise LauncherError(_("On the embedded stack a service works on its events as it serves."))
    found = pkgutil.resolve_name("shared.service:load_service")(service)
    work = pkgutil.resolve_name("shared.serving.working:work")
    wait_for(after)
    work(found, role, port)


def wait_for(gate: Path | None) -> None:
    while gate and not gate.exists():
        time.sleep(GATE_SECONDS)


def share_metrics(service: str) -> None:
    """Have the processes of the service count together, in files that begin empty."""
    folder = settings().home / "run" / "metrics" / service
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    adopt({METRICS_FOLDER: str(folder)})
