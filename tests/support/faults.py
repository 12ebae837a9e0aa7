"""Taking services down, and looking into what they keep."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import MetaData, func, select

from shared.bus.embedded import EmbeddedBus
from shared.db import Database
from shared.events.models import Outbox
from tests.support.api import Api
from tests.support.stack import Stack
from tests.support.waiting import wait_for

STEP_SECONDS = 0.02
BACK_SECONDS = 60


def kill(stack: Stack, name: str) -> None:
    """End all processes of a service at once, without a word."""
    os.killpg(stack.service_pid(name), signal.SIGKILL)


def down(stack: Stack) -> list[str]:
    """The services that the gateway says are down; it is ready itself."""
    named: list[str] = Api(stack.base_url).get("/readyz").expect(200)["down"]
    return named


@contextmanager
def kept_down(stack: Stack, name: str) -> Iterator[None]:
    """Kill the service, and again whenever the launcher has it back; at the end it answers."""
    over = threading.Event()

    def keep_killing() -> None:
        killed: set[int] = set()
        while not over.wait(STEP_SECONDS):
            pid = stack.service_pid(name)
            if pid not in killed:
                os.killpg(pid, signal.SIGKILL)
                killed.add(pid)

    killer = threading.Thread(target=keep_killing)
    killer.start()
    try:
        wait_for(f"{name} is down", lambda: down(stack) == [name], BACK_SECONDS)
        yield
    finally:
        over.set()
        killer.join()
        wait_for(f"{name} is back", lambda: down(stack) == [], BACK_SECONDS)


@contextmanager
def database_of(stack: Stack, service: str) -> Iterator[Database]:
    with closing(Database(f"sqlite:///{stack.path / 'db' / service}.sqlite")) as database:
        yield database


@contextmanager
def bus_of(stack: Stack) -> Iterator[EmbeddedBus]:
    with closing(EmbeddedBus(stack.path / "bus" / "bus.sqlite")) as bus:
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
