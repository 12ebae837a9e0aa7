"""`iamis subscribe`: the reference client of a tool's queue.

An event is acknowledged when its line is out: killed in between, it is printed again at the next
start. Events are known by their `id`.
"""

import pkgutil
import signal
import threading
from contextlib import closing
from pathlib import Path
from typing import Protocol

import click

from shared.bus import BusError, GoneError, Message, Take
from shared.bus.tools import PREFIX, queue_of_tool
from shared.i18n import gettext as _
from shared.settings import settings

OURS = PREFIX.partition(".")[0]


class Follows(Protocol):
    """Who reads a queue without being able to do anything else."""

    def follow(self, queue: str, take: Take, stop: threading.Event) -> None: ...

    def close(self) -> None: ...


@click.command()
@click.option("--queue", required=True, help=_("The queue, or the name of the tool it is for."))
@click.option(
    "--url",
    help=_("The broker, as amqp://user:password@host:port/; seen by others in the process list."),
)
@click.option(
    "--url-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("The same from a file, as `iamis tools add --url-file` writes it."),
)
def subscribe(queue: str, url: str | None, url_file: Path | None) -> None:
    """Print the events of a queue as they come.

    Each is a CloudEvent as JSON on one line. Without --url or --url-file the broker is
    IAMIS_AMQP_URL, or that of IAMIS_AMQP_URL_FILE, or the bus of the embedded stack. It begins
    where the last one stopped, and ends with SIGINT or SIGTERM, or with status 1 where the tool is
    not there or was removed. A broker that is away is waited for, at the start too: each attempt
    is told on standard error.
    """
    name = queue if queue.startswith(f"{OURS}.") else queue_of_tool(queue)
    stop = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stop.set())
    given = url_file.read_text(encoding="utf-8").strip() if url_file else url
    try:
        with closing(_open(given or settings().amqp_url)) as bus:
            bus.follow(name, _print, stop)
    except GoneError as error:
        message = _("The queue %(queue)s is not there for you: %(why)s", queue=name, why=error)
        raise click.ClickException(message) from error
    except BusError as error:
        raise click.ClickException(_("The bus cannot be used: %(why)s", why=error)) from error


def _open(url: str | None) -> Follows:
    adapter = "rabbitmq.following:Follower" if url else "embedded_tools:EmbeddedTools"
    opened: Follows = pkgutil.resolve_name(f"shared.bus.{adapter}")(url or settings().bus_file)
    return opened


def _print(message: Message) -> None:
    """Write the line and have it out, before the event is acknowledged."""
    click.echo(message.body)
