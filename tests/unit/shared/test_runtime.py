"""The background of a service: its consumer begins anew when the bus fails."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import MetaData

from shared import runtime
from shared.bus import BusError, Counts, Handle
from shared.db import Database
from shared.events import gauges
from shared.runtime import Background, Role
from shared.service import Service
from shared.web.routes import Routes
from tests.support.waiting import wait_for


class FailingBus:
    """A bus whose first consumer fails."""

    consumers: "list[FailingBus]"

    def __init__(self) -> None:
        self.closed = False

    def publish(self, _messages: object) -> set[str]:
        return set()

    def consume(
        self, _queue: str, _handle: Handle, stop: threading.Event, beat: Callable[[], None]
    ) -> None:
        beat()
        self.consumers.append(self)
        if len(self.consumers) == 1:
            message = "the disk is full"
            raise BusError(message)
        CONSUMING.set()
        stop.wait(10)

    def counts(self, _queue: str) -> Counts:
        return Counts(0, 0)

    def close(self) -> None:
        self.closed = True


CONSUMING = threading.Event()
LITTLE_SECONDS = 0.2


@pytest.fixture(autouse=True)
def _failing_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    FailingBus.consumers = []
    CONSUMING.clear()
    monkeypatch.setattr(runtime, "open_bus", FailingBus)
    monkeypatch.setattr(runtime, "RESTART_SECONDS", 0.01)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service("sample", tmp_path, MetaData(), Routes("sample"))


def running(service: Service) -> list[str]:
    """The threads of the service that run."""
    names = (thread.name for thread in threading.enumerate())
    return sorted(name for name in names if name.startswith(f"{service.name} "))


@pytest.mark.parametrize(
    ("role", "threads"),
    [
        (Role.RELAY, ["sample gauges", "sample relay"]),
        (Role.CONSUMER, ["sample consumer"]),
        (Role.ALL, ["sample consumer", "sample gauges", "sample relay"]),
    ],
)
def test_a_role_is_what_runs(service: Service, role: Role, threads: list[str]) -> None:
    background = Background(service, Database("sqlite://"), role).start()
    assert running(service) == threads
    assert background.alive()
    background.stop()
    assert running(service) == []
    assert not background.alive()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ended_is_told_of(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_arguments: object, **_more: object) -> None:
        raise SystemExit

    monkeypatch.setattr(runtime, "_consume", end)
    background = Background(service, Database("sqlite://")).start()
    wait_for("the thread has ended", lambda: not background.alive())
    background.stop()


def test_what_hangs_or_fails_again_and_again_does_not_work(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on = threading.Event()

    def hang(*_arguments: object, beat: Callable[[], None]) -> None:
        going_on.wait(10)
        beat()
        going_on.wait(0.01)

    monkeypatch.setattr(runtime, "_consume", hang)
    monkeypatch.setattr(runtime, "PULSE_SECONDS", 0.5)
    background = Background(service, Database("sqlite://"), Role.CONSUMER).start()
    assert background.works()
    wait_for("it is seen to hang", lambda: not background.works())
    assert background.alive()
    going_on.set()
    wait_for("it works again", background.works)
    background.stop()


def test_for_how_long_it_has_not_got_on_is_told(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> float:
        labels = {"service": service.name}
        return REGISTRY.get_sample_value("iamis_worker_stalled_seconds", labels) or 0.0

    monkeypatch.setattr(gauges, "SECONDS", 0.01)
    # Without tables a relay fails in every round.
    background = Background(service, Database("sqlite://"), Role.RELAY).start()
    try:
        wait_for("it is told", lambda: told() > LITTLE_SECONDS)
        assert background.stalled_seconds() > LITTLE_SECONDS
    finally:
        background.stop()


def test_all_threads_share_one_grace(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    background = Background(service, Database("sqlite://")).start()
    now = [0.0]
    graces: list[float] = []

    def hang_on(_thread: threading.Thread, seconds: float) -> None:
        graces.append(seconds)
        now[0] += seconds

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "join", hang_on)
        patched.setattr(runtime, "time", SimpleNamespace(monotonic=lambda: now[0]))
        background.stop()
    assert graces == [runtime.JOIN_SECONDS, 0.0, 0.0]
    background.stop()
    assert running(service) == []


def test_a_consumer_that_failed_is_closed_and_begins_anew(service: Service) -> None:
    background = Background(service, Database("sqlite://")).start()
    assert CONSUMING.wait(10)
    assert background.alive()
    background.stop()
    first, second = FailingBus.consumers
    assert first.closed
    assert second.closed
