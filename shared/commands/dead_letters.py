"""`iamis dead-letters`: what to do about events that a service could not handle.

Replaying and dropping leave a row in the audit trail of the service whose queue it is.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from shared import audit
from shared.audit import Change
from shared.bus import Bus, DeadLetter
from shared.commands.table import show as show_table
from shared.i18n import gettext as _
from shared.operators import database_of, opened_bus
from shared.service import queue_of, service_names

Found = dict[str, list[DeadLetter]]

in_queue = click.option("--queue", help=_("Only this queue, such as iamis.marks."))
all_of_them = click.option("--all", "every", is_flag=True, help=_("All of them, not by id."))


@click.group("dead-letters")
def dead_letters() -> None:
    """See to events that were given up after every retry."""


@dead_letters.command("list")
@in_queue
def list_(queue: str | None) -> None:
    """List them, oldest first in each queue.

    Each is told by the event, what it is about, and the last error.
    """
    with opened_bus() as bus:
        found = _found(bus, queue)
    show_table(
        (_("queue"), _("id"), _("routing key"), _("error")),
        [
            (name, letter.message.id, letter.message.routing_key, letter.error)
            for name, letters in found.items()
            for letter in letters
        ],
    )


@dead_letters.command()
@click.argument("event_id")
@in_queue
def show(event_id: str, queue: str | None) -> None:
    """Print the event EVENT_ID as JSON.

    With it comes the error of each queue that it was given up in.
    """
    with opened_bus() as bus:
        found = _chosen(_found(bus, queue), [event_id])
    for name, letters in found.items():
        for letter in letters:
            click.echo(_("%(queue)s: %(error)s", queue=name, error=letter.error), err=True)
            click.echo(_readable(letter.message.body))


@dead_letters.command()
@click.argument("event_ids", nargs=-1)
@all_of_them
@in_queue
def replay(event_ids: tuple[str, ...], *, every: bool, queue: str | None) -> None:
    """Put events back into their queue, as if they were new."""
    count = 0
    with opened_bus() as bus:
        for name, ids in _to_settle(bus, event_ids, queue, every=every):
            with _audited("dead-letters.replay", name, ids):
                count += bus.replay(name, ids)
    click.echo(_("%(count)s replayed.", count=count))


@dead_letters.command()
@click.argument("event_ids", nargs=-1)
@all_of_them
@in_queue
def drop(event_ids: tuple[str, ...], *, every: bool, queue: str | None) -> None:
    """Remove events for good: the service will never know of them."""
    count = 0
    with opened_bus() as bus:
        for name, ids in _to_settle(bus, event_ids, queue, every=every):
            with _audited("dead-letters.drop", name, ids):
                count += bus.drop(name, ids)
    click.echo(_("%(count)s dropped.", count=count))


def _to_settle(
    bus: Bus, event_ids: Sequence[str], queue: str | None, *, every: bool
) -> Iterator[tuple[str, list[str]]]:
    """The queues and in each of them the ids that the operator means."""
    if every == bool(event_ids):
        raise click.UsageError(_("Name the events by their ids, or all of them with --all."))
    found = _found(bus, queue)
    chosen = found if every else _chosen(found, event_ids)
    for name, letters in chosen.items():
        yield name, [letter.message.id for letter in letters]


@contextmanager
def _audited(action: str, queue: str, event_ids: list[str]) -> Iterator[None]:
    """Note what is done within, in the database of the service whose queue it is."""
    service = next(name for name in service_names() if queue_of(name) == queue)
    with database_of(service) as database, database.transaction() as session:
        audit.record(session, None, action, queue, Change(before={"events": event_ids}))
        yield


def _found(bus: Bus, queue: str | None) -> Found:
    """The dead letters of the queue, or of every queue, by its name."""
    names = {queue_of(name) for name in service_names()}
    if queue and queue not in names:
        known = ", ".join(sorted(names))
        raise click.UsageError(
            _("There is no queue %(name)s, but %(known)s.", name=queue, known=known)
        )
    found = {name: bus.dead_letters(name) for name in ([queue] if queue else sorted(names))}
    return {name: letters for name, letters in found.items() if letters}


def _chosen(found: Found, event_ids: Sequence[str]) -> Found:
    """Those with these ids; each must be there in at least one queue."""
    there = {letter.message.id for letters in found.values() for letter in letters}
    missing = [one for one in event_ids if one not in there]
    if missing:
        raise click.ClickException(_("Not given up: %(ids)s", ids=", ".join(missing)))
    chosen = {
        name: [letter for letter in letters if letter.message.id in event_ids]
        for name, letters in found.items()
    }
    return {name: letters for name, letters in chosen.items() if letters}


def _readable(body: bytes) -> bytes:
    """The body indented; as it came, but for what is no text, where it is no JSON."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return body.decode(errors="replace").encode()
