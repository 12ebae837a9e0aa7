"""`iamis tools`: who outside may read events, and which."""

import pkgutil
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from shared import audit
from shared.audit import Change
from shared.bus import EVENTS, BusError
from shared.bus.tools import NAME, Tool, Tools, bindings_for, queue_of_tool, reached_at
from shared.commands.table import show
from shared.events.schemas import EVENT_TYPES
from shared.i18n import gettext as _
from shared.launcher.files import write_whole
from shared.operators import database_of
from shared.settings import SettingsError, settings

CENTRE_NO = re.compile(r"[0-9]{5}")
# Whose trail tells of accounts of people tells of those of programs as well.
AUDITED_IN = "identity"
TYPES = ", ".join(key for key, one in EVENT_TYPES.items() if one.exchange == EVENTS)


def _checked_address(_ctx: click.Context, _option: click.Parameter, at: str | None) -> str | None:
    try:
        reached_at("", at or "amqp://localhost")
    except ValueError as error:
        raise click.BadParameter(_("It must be like amqps://host:port.")) from error
    return at


@click.group()
def tools() -> None:
    """Let programs outside read events from their own queues."""


@tools.command()
@click.argument("name")
@click.option(
    "--bind",
    "patterns",
    multiple=True,
    required=True,
    help=_(
        "Which events, such as 'marks.submitted.#'; may be repeated. There are %(types)s.",
        types=TYPES,
    ),
)
@click.option("--centre", "centres", multiple=True, help=_("Only of this centre; may be repeated."))
@click.option(
    "--url-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("Write the tool's URL with its password there, and do not print it."),
)
@click.option(
    "--at",
    callback=_checked_address,
    help=_("Where the tool reaches the broker, as amqps://host:port; else as the services do."),
)
def add(
    name: str,
    patterns: tuple[str, ...],
    centres: tuple[str, ...],
    url_file: Path | None,
    at: str | None,
) -> None:
    """Make the tool NAME, with a user and a queue of its own.

    The queue iamis.tool.NAME gets what it is bound to. The tool may read it and nothing else. The
    password is told this once.
    """
    _check(name, centres)
    try:
        bindings = bindings_for(patterns, centres)
    except ValueError as error:
        raise click.UsageError(_("%(pattern)s cannot be bound.", pattern=error)) from error
    with _opened() as kept:
        if _named(kept, name):
            raise click.ClickException(_("There is a tool %(name)s already.", name=name))
        after = {"queue": queue_of_tool(name), "bindings": [one.pattern for one in bindings]}
        with _audited("tools.add", name, Change(after=after)):
            url = kept.add(name, bindings)
    _tell(name, reached_at(url, at) if url and at else url, url_file)


@tools.command("list")
def list_() -> None:
    """List the tools, what waits for them, and their bindings."""
    with _opened() as kept:
        rows = [(tool.name, tool.waiting, " ".join(tool.patterns)) for tool in kept.all()]
    show((_("tool"), _("waiting"), _("bound to")), rows)


@tools.command()
@click.argument("name")
def remove(name: str) -> None:
    """Take away the access and the queue of the tool NAME."""
    with _opened() as kept:
        tool = _named(kept, name)
        if not tool:
            raise click.ClickException(_("There is no tool %(name)s.", name=name))
        before = {"bindings": list(tool.patterns), "waiting": tool.waiting}
        with _audited("tools.remove", name, Change(before=before)):
            kept.remove(name)
    click.echo(_("The tool %(name)s is gone.", name=name))


def _check(name: str, centres: tuple[str, ...]) -> None:
    if not NAME.fullmatch(name):
        raise click.UsageError(_("A name is 1 to 40 small letters, digits and hyphens."))
    for centre in centres:
        if not CENTRE_NO.fullmatch(centre):
            raise click.UsageError(_("%(no)s is not a centre number.", no=centre))


def _tell(name: str, url: str | None, file: Path | None) -> None:
    click.echo(_("Queue: %(queue)s", queue=queue_of_tool(name)))
    if url is None:
        click.echo(_("The embedded stack has no users: whoever may read its files may read it."))
    elif file:
        write_whole(file, url)
        click.echo(_("URL: in %(file)s", file=file))
    else:
        click.echo(_("URL: %(url)s", url=url))


def _named(kept: Tools, name: str) -> Tool | None:
    return next((tool for tool in kept.all() if tool.name == name), None)


@contextmanager
def _opened() -> Iterator[Tools]:
    """The tools of this stack; a fault of the bus is told in words."""
    try:
        with closing(_open()) as kept:
            yield kept
    except BusError as error:
        raise click.ClickException(_("The bus cannot be used: %(why)s", why=error)) from error


def _open() -> Tools:
    told = settings()
    if not told.amqp_url:
        embedded: Tools = pkgutil.resolve_name("shared.bus.embedded_tools:EmbeddedTools")(
            told.bus_file
        )
        return embedded
    if not told.amqp_management_url:
        raise SettingsError(("IAMIS_AMQP_MANAGEMENT_URL is required for tools",))
    kept: Tools = pkgutil.resolve_name("shared.bus.rabbitmq.tools:RabbitMQTools")(
        told.amqp_url, told.amqp_management_url
    )
    return kept


@contextmanager
def _audited(action: str, name: str, change: Change) -> Iterator[None]:
    with database_of(AUDITED_IN) as database, database.transaction() as session:
        audit.record(session, None, action, f"tools/{name}", change)
        yield
