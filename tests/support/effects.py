"""What events have come to: which were emitted, and which their consumers have handled."""

import pkgutil
from collections import Counter
from collections.abc import Collection, Iterator

from sqlalchemy import select

from shared.events.models import Inbox, Outbox
from tests.support.faults import SERVICES, bus_of, database_of
from tests.support.stack import Stack

CONSUMERS = (*SERVICES, "gateway")
# `marks.submitted.v1`: a routing key begins with so many words.
TYPE_WORDS = 3


def type_of(routing_key: str) -> str:
    return ".".join(routing_key.split(".")[:TYPE_WORDS])


def emitted_events(stack: Stack) -> dict[str, tuple[str, str]]:
    """Every event of the services: its type and its subject, by its id."""
    found: dict[str, tuple[str, str]] = {}
    wanted = select(Outbox.id, Outbox.routing_key, Outbox.subject)
    for name in SERVICES:
        with database_of(stack, name) as database, database.reading() as session:
            rows = session.execute(wanted).all()
            found |= {row.id: (type_of(row.routing_key), row.subject) for row in rows}
    return found


def emitted_about(stack: Stack, subjects: set[str]) -> dict[str, Counter[str]]:
    """How often each type was emitted about each of the subjects."""
    found: dict[str, Counter[str]] = {}
    for key, subject in emitted_events(stack).values():
        if subject in subjects:
            found.setdefault(key, Counter())[subject] += 1
    return found


def handled(stack: Stack, name: str) -> set[str]:
    """The ids of the events that have their effects in the service."""
    with database_of(stack, name) as database, database.reading() as session:
        return set(session.scalars(select(Inbox.id)).all())


def bound_to(stack: Stack, name: str) -> set[str]:
    """The ids of the events that the service has to handle."""
    handlers = pkgutil.resolve_name(f"services.{name}.app:SERVICE").handlers
    return {i for i, (key, _subject) in emitted_events(stack).items() if key in handlers}


def unhandled(stack: Stack, since: Collection[str] = ()) -> dict[str, int]:
    """How many events each service has still to handle, where it is not up to date.

    `since` has the ids of those that are of no account, as they were emitted before.
    """
    late = {name: bound_to(stack, name) - handled(stack, name) for name in CONSUMERS}
    counts = {name: len(ids.difference(since)) for name, ids in late.items()}
    return {name: count for name, count in counts.items() if count}


def dead_letters(stack: Stack) -> list[tuple[str, str]]:
    """Everything given up: the service and the event's id."""
    return list(_dead_letters(stack))


def _dead_letters(stack: Stack) -> Iterator[tuple[str, str]]:
    with bus_of(stack) as bus:
        for name in CONSUMERS:
            for letter in bus.dead_letters(f"iamis.{name}"):
                yield name, letter.message.id
