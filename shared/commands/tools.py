"""`iamis tools`: who outside may read events, and which."""

import pkgutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from shared import audit
from shared.audit import Change
from shared.bus import EVENTS, Binding, BusError
from shared.bus.tools import (
    NAME,
    Tool,
    Tools,
    bindings_for,
    hears,
    queue_of_tool,
    reached_at,
    unsealed,
)
from shared.commands.table import show
from shared.events.schemas import EVENT_TYPES
from shared.i18n import gettext as _
from shared.ids import CENTRE_NO
from shared.launcher.files import write_whole
from shared.operators import database_of
from shared.settings import SettingsError, settings

# Whose trail tells of accounts of people tells of those of programs as well.
AUDITED_IN = "identity"
PUBLIC = [one for one in EVENT_TYPES.values() if one.exchange == EVENTS]
KEYS = [one.key for one in PUBLIC]
TYPES = ", ".join(KEYS)
SEALED = [one.key for one in PUBLIC if one.sealed]
TOLD = [one.key for one in PUBLIC if not one.sealed]


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
    _check_file(url_file)
    bindings = _bindings(patterns, centres)
    with opened_tools() as kept:
        if _named(kept, name):
            raise click.ClickException(_("There is a tool %(name)s already.", name=name))
        after = {"queue": queue_of_tool(name), "bindings": [one.pattern for one in bindings]}
        with _audited("tools.add", name, Change(after=after)):
            url = kept.add(name, bindings)
    _tell(name, reached_at(url, at) if url and at else url, url_file)


@tools.command("list")
def list_() -> None:
    """List the tools, what waits for them, and their bindings."""
    with opened_tools() as kept:
        rows = [(tool.name, tool.waiting, " ".join(tool.patterns)) for tool in kept.all()]
    show((_("tool"), _("waiting"), _("bound to")), rows)


@tools.command()
@click.argument("name")
def remove(name: str) -> None:
    """Take away the access and the queue of the tool NAME."""
    with opened_tools() as kept:
        tool = _named(kept, name)
        if not tool:
            raise click.ClickException(_("There is no tool %(name)s.", name=name))
        _remove(kept, tool)


def unseal() -> None:
    """Take what is sealed from the tools of centres that were added before it was.

    One that has nothing left is taken away.
    """
    with opened_tools() as kept:
        for tool in kept.all():
            bindings = unsealed(tool.patterns, TOLD, SEALED)
            after = [one.pattern for one in bindings]
            if after == list(tool.patterns):
                continue
            if after:
                _bind(kept, tool, bindings)
            else:
                _remove(kept, tool)


def _bind(kept: Tools, tool: Tool, bindings: list[Binding]) -> None:
    after = {"bindings": [one.pattern for one in bindings]}
    change = Change(before={"bindings": list(tool.patterns)}, after=after)
    with _audited("tools.unseal", tool.name, change):
        kept.bind(tool.name, bindings)
    click.echo(_("The tool %(name)s hears no outcomes of a centre any more.", name=tool.name))


def _remove(kept: Tools, tool: Tool) -> None:
    before = {"bindings": list(tool.patterns), "waiting": tool.waiting}
    with _audited("tools.remove", tool.name, Change(before=before)):
        kept.remove(tool.name)
    click.echo(_("The tool %(name)s is gone.", name=tool.name))


def _check(name: str, centres: tuple[str, ...]) -> None:
    if not NAME.fullmatch(name):
        raise click.UsageError(_("A name is 1 to 40 small letters, digits and hyphens."))
    for centre in centres:
        if not CENTRE_NO.fullmatch(centre):
            raise click.UsageError(_("%(no)s is not a centre number.", no=centre))


def _bindings(patterns: tuple[str, ...], centres: tuple[str, ...]) -> list[Binding]:
    try:
        bindings = bindings_for(patterns, centres, TOLD, SEALED)
    except ValueError as error:
        raise click.UsageError(_("%(pattern)s cannot be bound.", pattern=error)) from error
    for binding in bindings:
        if not hears(binding.pattern, KEYS):
            raise click.UsageError(
                _(
                    "No event comes to %(pattern)s. There are %(types)s, each followed by centre "
                    "and paper: 'marks.submitted.v1.#' is those of all.",
                    pattern=binding.pattern,
                    types=TYPES,
                )
            )
    return bindings


def _check_file(url_file: Path | None) -> None:
    if url_file and not settings().amqp_url:
        raise click.UsageError(
            _(
                "--url-file: the embedded stack has no URL; "
                "`iamis subscribe --queue NAME` needs none."
            )
        )


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
def opened_tools() -> Iterator[Tools]:
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
