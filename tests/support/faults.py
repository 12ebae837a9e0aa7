"""Taking services down, and looking into what they keep."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

from sqlalchemy import MetaData, func, select

from shared.bus import Bus, Message
from shared.bus.embedded import EmbeddedBus
from shared.bus.rabbitmq import RabbitMQBus
from shared.db import Database
from shared.events.models import Outbox
from shared.settings import Settings
from tests.support.api import Api
from tests.support.probes import answers
from tests.support.stack import EMBEDDED, REAL, Stack
from tests.support.waiting import wait_for

SERVICES = ("identity", "marks", "reports", "sampling", "uploads")
STEP_SECONDS = 0.02
BACK_SECONDS = 90


def kill(stack: Stack, name: str) -> None:
    """End all processes of a service at once, without a word."""
    for pid in stack.pids_of(name):
        os.killpg(pid, signal.SIGKILL)


def down(stack: Stack) -> list[str]:
    """The services that the gateway says are down; it is ready itself."""
    named: list[str] = Api(stack.base_url).get("/readyz").expect(200)["down"]
    return named


@contextmanager
def kept_dead(stack: Stack, name: str) -> Iterator[None]:
    """Kill what runs under the name, and again whenever the launcher has started it anew."""
    over = threading.Event()
    killed: set[int] = set()

    def kill() -> None:
        for pid in stack.pids_of(name) - killed:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            killed.add(pid)

    def keep_killing() -> None:
        while not over.wait(STEP_SECONDS):
            kill()

    kill()
    killer = threading.Thread(target=keep_killing)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


@contextmanager
def kept_down(stack: Stack, name: str) -> Iterator[None]:
    """As `kept_dead` for a service, and the gateway knows; at the end all of it answers."""
    try:
        with kept_dead(stack, name):
            wait_for(f"{name} is down", lambda: down(stack) == [name], BACK_SECONDS)
            yield
    finally:
        wait_for(f"{name} is back", lambda: all_answer(stack), BACK_SECONDS)


def all_answer(stack: Stack) -> bool:
    """Whether every service serves, and works on its events."""
    ports = stack.instance.ports
    return down(stack) == [] and all(answers(ports[name]) for name in ports if name != "store")


def all_told(stack: Stack) -> bool:
    """Whether every event has been published, and nothing waits in a queue."""
    with bus_of(stack) as bus:
        return not any(unpublished(stack, name) or bus.depth(f"iamis.{name}") for name in SERVICES)


def unpublished(stack: Stack, service: str) -> int:
    """How many events of the service wait in its outbox."""
    waiting = select(func.count()).where(Outbox.published_at.is_(None))
    with database_of(stack, service) as database, database.reading() as session:
        return int(session.scalars(waiting).one())


@contextmanager
def database_of(stack: Stack, service: str) -> Iterator[Database]:
    file = f"sqlite:///{stack.path / 'db' / service}.sqlite"
    url = file if stack.kind == EMBEDDED else stack.home.secret(f"database-owner-url-{service}")
    with closing(Database(url)) as database:
        yield database


def open_bus(stack: Stack) -> Bus:
    if stack.kind == EMBEDDED:
        return EmbeddedBus(stack.path / "bus" / "bus.sqlite")
    told = Settings.load({"IAMIS_STACK": REAL, **stack.environment})
    return RabbitMQBus(stack.home.secret("amqp-url"), ladder=told.retry_ladder)


@contextmanager
def bus_of(stack: Stack) -> Iterator[Bus]:
    with closing(open_bus(stack)) as bus:
        yield bus


def emitted(stack: Stack, service: str, key: str, subject: str) -> int:
    """How many events of this type the service has ever emitted about the subject."""
    counted = select(func.count()).where(
        Outbox.routing_key.startswith(f"{key}."), Outbox.subject == subject
    )
    with database_of(stack, service) as database, database.reading() as session:
        return int(session.scalars(counted).one())


def outbox(stack: Stack, service: str, subject: str) -> list[Outbox]:
    """The events the service has emitted about the subject, oldest first."""
    rows = select(Outbox).where(Outbox.subject == subject).order_by(Outbox.position)
    with database_of(stack, service) as database, database.reading() as session:
        return list(session.scalars(rows).all())


def message_of(row: Outbox) -> Message:
    return Message(row.id, row.exchange, row.routing_key, row.body)


def contents(stack: Stack, service: str) -> dict[str, list[str]]:
    """All that the database of the service holds, by table."""
    found: dict[str, list[str]] = {}
    with database_of(stack, service) as database, database.engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for name, table in tables.tables.items():
            rows: Any = connection.execute(select(table)).all()
            found[name] = sorted(repr(row) for row in rows)
    return found
