"""Relays of one service on PostgreSQL: one is on duty, another takes over, the order is kept."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest
from sqlalchemy import func, select

from shared.bus import Message
from shared.db import Database
from shared.events import relay as module
from shared.events.duty import duty_on
from shared.events.models import Outbox
from shared.events.outbox import emit
from shared.events.relay import Relay
from shared.launcher.postgres import Postgres
from shared.locks import NamedLock, number_of
from tests.integration.postgres.conftest import Start
from tests.support.recorder import RecordingBus, sequences_by_subject
from tests.support.together import together
from tests.support.waiting import wait_for

KEY = "user.access_changed.v1"
HOLDER = """
SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND datname = %s
AND (classid::bigint << 32) + objid::bigint = %s
"""


class Copy:
    """Another copy of the service: its relay, on connections of its own."""

    def __init__(self, url: str, published: list[Message], slow: float = 0.0) -> None:
        self.database = Database(url)
        self.own: list[Message] = []
        self.bus = RecordingBus(published, slow)
        self.stop = threading.Event()
        self.relay = Relay(self.database, self.bus)
        self.thread = threading.Thread(target=self.relay.run, args=(self.stop,), daemon=True)
        self.thread.start()

    def end(self) -> None:
        self.stop.set()
        self.relay.wake()
        self.thread.join(30)
        assert not self.thread.is_alive()
        self.database.close()


class Service:
    """A database with events, and as many relays as are started."""

    def __init__(self, database: Database, server: Postgres) -> None:
        self.database = database
        self.server = server
        self.url = database.engine.url.render_as_string(hide_password=False)
        self.published: list[Message] = []
        self.running = ExitStack()

    def start_relay(self, slow: float = 0.0) -> Copy:
        copy = Copy(self.url, self.published, slow)
        self.running.callback(copy.end)
        return copy

    def change(self, subject: str, times: int = 1) -> None:
        for _each in range(times):
            with self.database.transaction() as session:
                emit(session, KEY, subject, {"user_id": "u1", "access_version": 1})

    def holder(self) -> int | None:
        """The process of the server that holds the duty."""
        number = number_of("relay") % 2**64
        signed = number - 2**64 if number >= 2**63 else number
        with self.server.admin() as admin:
            found = admin.execute(HOLDER, [self.database.engine.url.database, signed]).fetchone()
        return int(found[0]) if found else None

    def has_published(self, number: int) -> bool:
        """So many events, each perhaps more than once."""
        return len({message.id for message in self.published}) == number

    def waiting(self) -> int:
        with self.database.reading() as session:
            left = select(func.count()).select_from(Outbox).where(Outbox.published_at.is_(None))
            return session.scalar(left) or 0


@pytest.fixture
def service(start: Start, server: Postgres) -> Iterator[Service]:
    made = Service(start("uploads").database, server)
    with made.running:
        yield made


def test_a_commit_in_another_process_wakes_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 60.0)
    copy = service.start_relay()
    wait_for("it is on duty", service.holder)
    for number in range(1, 4):
        service.change("users/a")
        wait_for("the event is published", partial(service.has_published, number))
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.1)
    service.change("users/a")
    copy.stop.set()


def test_what_wakes_it_does_not_pile_up_while_the_broker_is_away(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = NamedLock(service.database.engine, "relay")
    monkeypatch.setattr("shared.events.duty.NamedLock", lambda *_: lock)
    duty = duty_on(service.database)
    assert duty.take()
    service.change("users/a", 3)
    assert duty.take()
    assert list(lock.connection.notifies(timeout=0)) == []
    duty.leave()


def test_one_of_many_publishes_each_event_once(service: Service) -> None:
    for _each in range(3):
        service.start_relay()
    wait_for("one is on duty", service.holder)
    together(*[lambda n=n: service.change(f"users/{n}", 25) for n in range(4)])
    wait_for("all is published", lambda: not service.waiting())
    assert len(service.published) == len({message.id for message in service.published}) == 100


def test_another_takes_over_when_the_connection_is_cut(service: Service) -> None:
    for _each in range(2):
        service.start_relay()
    for number in range(3):
        wait_for("one is on duty", service.holder)
        with service.server.admin() as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [service.holder()])
        service.change("users/a", 5)
        expected = 5 * (number + 1)
        wait_for("all is published", lambda: not service.waiting(), 30)
        wait_for("each of them", partial(service.has_published, expected))
    assert sequences_by_subject(service.published) == {"users/a": list(range(1, 16))}


def test_another_takes_over_when_it_stops(service: Service) -> None:
    first = service.start_relay()
    wait_for("the first is on duty", service.holder)
    before = service.holder()
    service.start_relay()
    first.stop.set()
    first.relay.wake()
    wait_for("the second is on duty", lambda: service.holder() not in {None, before})
    service.change("users/a")
    wait_for("it publishes", lambda: len(service.published) == 1)


def test_it_comes_back_when_every_connection_was_lost(service: Service) -> None:
    service.start_relay()
    wait_for("it is on duty", service.holder)
    with service.server.admin() as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [service.database.engine.url.database],
        )
    service.change("users/a")
    wait_for("the event is published", lambda: len(service.published) == 1, 30)


def test_the_order_of_a_subject_is_kept_whoever_commits_when(service: Service) -> None:
    for _each in range(2):
        service.start_relay(slow=0.001)

    def change(worker: int) -> None:
        for turn in range(20):
            try:
                with service.database.transaction() as session:
                    for subject in sorted({f"users/{worker % 3}", f"users/{(turn + worker) % 3}"}):
                        emit(session, KEY, subject, {"user_id": "u1", "access_version": 1})
                    fail_sometimes(turn + worker)
            except TimeoutError:
                continue

    together(*[lambda n=n: change(n) for n in range(6)])
    wait_for("all is published", lambda: not service.waiting(), 30)
    for subject, sequences in sequences_by_subject(service.published).items():
        assert sequences == list(range(1, len(sequences) + 1)), subject


def fail_sometimes(number: int) -> None:
    if number % 5 == 0:
        raise TimeoutError


def test_what_is_committed_late_is_not_passed_over(service: Service) -> None:
    """A position drawn early and committed late: whoever asks for `position > last` loses it."""
    service.start_relay()
    with service.database.transaction() as late:
        emit(late, KEY, "users/late", {"user_id": "u1", "access_version": 1})
        late.flush()
        service.change("users/early")
        wait_for("the later one is published", lambda: len(service.published) == 1)
    wait_for("and then the earlier one", lambda: len(service.published) == 2)
    positions = [Outbox.position, Outbox.subject]
    with service.database.reading() as session:
        rows = session.execute(select(*positions).order_by(Outbox.position)).all()
    assert [row.subject for row in rows] == ["users/late", "users/early"]
    assert list(sequences_by_subject(service.published)) == ["users/early", "users/late"]
