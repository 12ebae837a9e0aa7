"""A database that is stopped and started: what arrives meanwhile is handled afterwards."""

import logging
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from shared.bus import EVENTS, Binding, Message
from shared.db import Database
from shared.events.consumer import Consumer
from shared.events.envelope import Envelope
from shared.events.models import Sequence
from shared.launcher.ports import free_ports
from shared.launcher.postgres import Postgres
from shared.service import load_service
from tests.contract.conftest import OpenBus, embedded, on_rabbitmq
from tests.support.databases import PostgresTemplate
from tests.support.postgres import passable_folder, running_postgres
from tests.support.service import know_key
from tests.support.waiting import wait_for

QUEUE = "iamis.test"
KEY = "user.access_changed.v1"
# Their pauses are seconds, and the ladder (`tests.contract`) is over long before.
ATTEMPTS = 3
SECONDS = 60


def message(number: int) -> Message:
    data = {"user_id": f"u{number}", "access_version": 1}
    event = Envelope(f"e{number}", KEY, f"users/u{number}", "2031-05-01T12:00:00Z", 1, "", data)
    return Message(event.id, EVENTS, event.routing_key, event.to_json())


class Server:
    """PostgreSQL on one port, with a database of one service."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_ports(1)[0]
        with self.running() as server:
            template = PostgresTemplate(server, load_service("uploads"), know_key)
            self.url = template.url(template.account.role, template.account.database)

    @contextmanager
    def running(self) -> Iterator[Postgres]:
        with running_postgres(self._folder / "home", [], {"fsync": "off"}, self._port) as server:
            yield server


@pytest.fixture
def server() -> Iterator[Server]:
    with passable_folder() as folder:
        yield Server(folder)


@pytest.fixture(params=["embedded", "rabbitmq"])
def open_bus(request: pytest.FixtureRequest, tmp_path: Path) -> OpenBus:
    if request.param == "embedded":
        return embedded(tmp_path)
    return on_rabbitmq(request.getfixturevalue("broker"))


@contextmanager
def consuming(open_bus: OpenBus, database: Database) -> Iterator[None]:
    """A handler that leaves a row for each event."""
    consumer = Consumer(
        database, {KEY: lambda session, event: session.add(Sequence(subject=event.id, value=1))}
    )
    stop = threading.Event()
    with closing(open_bus()) as bus:
        thread = threading.Thread(target=bus.consume, args=(QUEUE, consumer.handle_all, stop))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(SECONDS)
            assert not thread.is_alive()


def effects(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Sequence.subject)).all())


def test_what_arrives_while_it_is_away_is_handled_when_it_is_back(
    server: Server, open_bus: OpenBus, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    expected = {f"e{number}" for number in range(30)}

    def pauses() -> int:
        return sum(record.getMessage() == "not consuming" for record in caplog.records)

    with closing(Database(server.url)) as database, closing(open_bus()) as bus:
        bus.declare(QUEUE, [Binding(EVENTS, "#")])
        with consuming(open_bus, database):
            with server.running():
                bus.publish([message(0)])
                wait_for("one is handled", lambda: effects(database) == {"e0"}, SECONDS)
            bus.publish([message(number) for number in range(1, 30)])
            wait_for("it was tried for long", lambda: pauses() >= ATTEMPTS, SECONDS)
            with server.running():
                wait_for("all are handled", lambda: effects(database) == expected, SECONDS)
                wait_for("nothing waits", lambda: bus.depth(QUEUE) == 0, SECONDS)
        assert bus.dead_letters(QUEUE) == []
