"""Outbox, relay, inbox: an event is true with its change, and has its effect once."""

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from shared import context
from shared.bus import Binding, BusError, Message
from shared.bus.embedded import EmbeddedBus
from shared.events.backlog import backlog
from shared.events.consumer import Consumer, is_newer
from shared.events.envelope import Envelope
from shared.events.models import Inbox, Outbox
from shared.events.outbox import emit
from shared.events.relay import LONGEST_PAUSE_SECONDS, Relay
from shared.events.schemas import EVENT_TYPES, InvalidEventError
from tests.support.service import BOARD, ServiceUnderTest

KEY = "user.access_changed.v1"


def data(version: int = 1) -> dict[str, object]:
    return {"user_id": "u1", "access_version": version}


class UnreachableBus(EmbeddedBus):
    """A real bus that is down until it is told otherwise."""

    down = True
    attempts = 0

    def publish(self, messages: Sequence[Message]) -> set[str]:
        self.attempts += 1
        if self.down:
            raise BusError("no broker")
        return super().publish(messages)


class SlowBus(EmbeddedBus):
    """A real bus that is too slow for more than so many at once."""

    most = 3

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.sizes: list[int] = []
        self.failures = 0

    def publish(self, messages: Sequence[Message]) -> set[str]:
        self.sizes.append(len(messages))
        if len(messages) > self.most:
            self.failures += 1
            raise BusError("not confirmed in time")
        return super().publish(messages)


class PausedEvent(threading.Event):
    """A stop that is set after so many waits; during each of them somebody commits."""

    def __init__(self, relay: Relay, last: int) -> None:
        super().__init__()
        self._relay = relay
        self._last = last
        self.pauses: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self._relay.wake()
        self.pauses.append(timeout or 0.0)
        if len(self.pauses) == self._last:
            self.set()
        return self.is_set()


@pytest.fixture
def bus(tmp_path: Path) -> EmbeddedBus:
    return EmbeddedBus(tmp_path / "bus.sqlite")


def make_changes(under_test: ServiceUnderTest, *subjects: str) -> None:
    with under_test.transaction() as session:
        for subject in subjects:
            emit(session, KEY, subject, data())


def test_an_event_of_a_failed_change_never_was(under_test: ServiceUnderTest) -> None:
    def fail_after_emitting() -> None:
        with under_test.transaction() as session:
            emit(session, KEY, "users/u1", data())
            raise RuntimeError("the change failed")

    with pytest.raises(RuntimeError):
        fail_after_emitting()
    assert under_test.emitted() == []


def test_data_that_breaks_the_schema_is_refused(under_test: ServiceUnderTest) -> None:
    invalid = pytest.raises(InvalidEventError, match="access_version")
    with invalid as caught, under_test.transaction() as session:
        emit(session, KEY, "users/u1", {"user_id": "u1", "access_version": "Siân"})
    # It is logged, and the value may be personal.
    assert "Siân" not in str(caught.value)
    assert under_test.emitted() == []


def test_sequences_count_per_subject(under_test: ServiceUnderTest) -> None:
    make_changes(under_test, "users/a", "users/b", "users/a", "users/a")
    drawn = [(event.subject, event.sequence) for event in under_test.emitted()]
    assert drawn == [("users/a", 1), ("users/b", 1), ("users/a", 2), ("users/a", 3)]


def test_two_writers_draw_different_sequences(under_test: ServiceUnderTest) -> None:
    threads = [
        threading.Thread(target=make_changes, args=(under_test, "users/a")) for _each in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(event.sequence for event in under_test.emitted()) == list(range(1, 9))


def test_the_envelope_is_cloudevents(under_test: ServiceUnderTest) -> None:
    make_changes(under_test, "users/u1")
    (event,) = under_test.emitted()
    assert event.routing_key == "user.access_changed.v1.users.u1"
    assert event.event_type.type == "iamis.user.access_changed.v1"
    assert event.time.endswith("Z")
    assert Envelope.from_json(event.to_json()) == event


def test_the_trace_of_the_request_goes_with_the_event(under_test: ServiceUnderTest) -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    headers = {"traceparent": trace}
    under_test.call("POST", "/api/sample/changes", BOARD, json={"version": 1}, headers=headers)
    (event,) = under_test.emitted()
    assert event.traceparent == trace
    context.begin()


class TestRelay:
    def test_publishes_in_order_and_marks(
        self, under_test: ServiceUnderTest, bus: EmbeddedBus
    ) -> None:
        bus.declare("q", [_binding(KEY)])
        make_changes(under_test, "users/a", "users/b")
        relay = Relay(under_test.database, bus)
        assert relay.publish_waiting() == 2
        assert relay.publish_waiting() == 0
        assert bus.depth("q") == 2
        assert all(row.published_at for row in _outbox(under_test))

    def test_a_broker_that_is_down_costs_nothing(
        self, under_test: ServiceUnderTest, tmp_path: Path
    ) -> None:
        bus = UnreachableBus(tmp_path / "down.sqlite")
        bus.declare("q", [_binding(KEY)])
        make_changes(under_test, "users/a")
        relay = Relay(under_test.database, bus)
        with pytest.raises(BusError):
            relay.publish_waiting()
        assert [row.published_at for row in _outbox(under_test)] == [None]
        bus.down = False
        assert relay.publish_waiting() == 1
        assert bus.depth("q") == 1

    def test_what_has_no_queue_waits_and_holds_up_nobody(
        self, under_test: ServiceUnderTest, bus: EmbeddedBus
    ) -> None:
        make_changes(under_test, "users/a")
        relay = Relay(under_test.database, bus)
        relay.publish_waiting()
        bus.declare("q", [_binding(KEY)])
        make_changes(under_test, "users/b")
        relay.publish_waiting()
        assert [bool(row.published_at) for row in _outbox(under_test)] == [False, True]
        assert bus.depth("q") == 1

    def test_commits_do_not_hurry_it_while_the_broker_is_down(
        self, under_test: ServiceUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bus = UnreachableBus(tmp_path / "down.sqlite")
        relay = Relay(under_test.database, bus)
        stop = PausedEvent(relay, last=1100)
        monkeypatch.setattr(threading.Event, "wait", pytest.fail)
        relay.run(stop)
        # One attempt to each pause, however often a commit wakes it meanwhile.
        assert bus.attempts == len(stop.pauses) == 1100
        assert all(pause <= LONGEST_PAUSE_SECONDS for pause in stop.pauses)
        assert min(stop.pauses[10:]) >= LONGEST_PAUSE_SECONDS / 2

    def test_a_broker_that_is_slow_gets_through_with_fewer(
        self, under_test: ServiceUnderTest, tmp_path: Path
    ) -> None:
        bus = SlowBus(tmp_path / "slow.sqlite")
        bus.declare("q", [_binding(KEY)])
        make_changes(under_test, *(f"users/{number}" for number in range(20)))
        relay = Relay(under_test.database, bus)
        while bus.depth("q") < 20:
            with suppress(BusError):
                relay.publish_waiting()
        assert relay.publish_waiting() == 0
        # None is without end: after each failure fewer are tried, until they go through.
        assert bus.failures < len(bus.sizes) < 60

    @pytest.mark.parametrize("large", [{0}, {13}, {19}, {3, 4, 18}])
    def test_what_the_bus_never_takes_is_set_aside_and_holds_up_nobody(
        self, under_test: ServiceUnderTest, bus: EmbeddedBus, large: set[int]
    ) -> None:
        bus.declare("q", [_binding(KEY)])
        bus._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 5_000)  # noqa: SLF001 - a small one
        for number in range(20):
            name = "x" * (6_000 if number in large else 1)
            with under_test.transaction() as session:
                changed = {"user_id": name, "access_version": 1}
                emit(session, KEY, f"users/{number}", changed)
        relay = Relay(under_test.database, bus)
        relay._duty.take()  # noqa: SLF001 - as `run` begins
        for _round in range(100):
            relay._work()  # noqa: SLF001 - the rounds of `run`, which never fail here
        relay._duty.leave()  # noqa: SLF001 - as it ends
        rows = _outbox(under_test)
        assert {place for place, row in enumerate(rows) if row.set_aside_at} == large
        assert {place for place, row in enumerate(rows) if not row.published_at} == large
        assert all("too big" in str(rows[place].fault) for place in large)
        assert bus.depth("q") == 20 - len(large)
        with under_test.database.reading() as session:
            found = backlog(session)
        assert (found.waiting, found.aside) == (0, len(large))

    def test_a_commit_wakes_it(self, under_test: ServiceUnderTest, bus: EmbeddedBus) -> None:
        woken = threading.Event()
        Relay(under_test.database, bus)
        under_test.database.on_outbox = woken.set
        make_changes(under_test, "users/a")
        assert woken.is_set()


class TestConsumer:
    def message(self, event_id: str = "e1") -> Message:
        envelope = Envelope(event_id, KEY, "users/u1", "2031-05-01T12:00:00Z", 1, "", data())
        exchange = EVENT_TYPES[KEY].exchange
        return Message(event_id, exchange, envelope.routing_key, envelope.to_json())

    def test_ten_deliveries_have_one_effect(self, under_test: ServiceUnderTest) -> None:
        effects: list[str] = []
        consumer = Consumer(under_test.database, {KEY: lambda _s, event: effects.append(event.id)})
        for _each in range(10):
            consumer.handle(self.message())
        assert effects == ["e1"]

    def test_a_handler_that_fails_leaves_no_trace(self, under_test: ServiceUnderTest) -> None:
        attempts: list[str] = []

        def fail_once(session: object, event: Envelope) -> None:
            assert session
            attempts.append(event.id)
            if len(attempts) == 1:
                raise ValueError("not yet")

        consumer = Consumer(under_test.database, {KEY: fail_once})
        with pytest.raises(ValueError, match="not yet"):
            consumer.handle(self.message())
        with under_test.database.reading() as session:
            assert session.scalars(select(Inbox)).all() == []
        consumer.handle(self.message())
        assert len(attempts) == 2

    def test_an_event_that_breaks_its_schema_is_not_handled(
        self, under_test: ServiceUnderTest
    ) -> None:
        consumer = Consumer(under_test.database, {KEY: lambda _s, _e: pytest.fail("handled")})
        body = self.message().body.replace(b'"access_version":1', b'"access_version":"1"')
        with pytest.raises(InvalidEventError):
            consumer.handle(Message("e1", "x", "y", body))

    def test_the_watermark_takes_only_higher_sequences(self, under_test: ServiceUnderTest) -> None:
        with under_test.transaction() as session:
            taken = [is_newer(session, "sample:1", number) for number in (3, 2, 3, 4)]
            other = is_newer(session, "sample:2", 1)
        assert taken == [True, False, False, True]
        assert other


def _binding(key: str) -> Binding:
    return Binding(EVENT_TYPES[key].exchange, f"{key}.#")


def _outbox(under_test: ServiceUnderTest) -> list[Outbox]:
    with under_test.database.reading() as session:
        return list(session.scalars(select(Outbox).order_by(Outbox.position)))
