"""A consumer that is killed with a message in hand: the next one gets it."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.bus import EVENTS, Binding, Bus, BusError, Message, one_by_one
from shared.bus.embedded import EmbeddedBus
from shared.bus.rabbitmq import RabbitMQBus
from tests.support.waiting import wait_for


@pytest.fixture(params=["embedded", "rabbitmq"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Bus, str]]:
    """A bus, and how another process finds it."""
    if request.param == "embedded":
        path = tmp_path / "bus.sqlite"
        bus: Bus = EmbeddedBus(path)
        yield bus, str(path)
    else:
        broker = request.getfixturevalue("broker")
        url = broker.new_host()
        bus = RabbitMQBus(url, broker.rabbitmq.management_url)
        yield bus, url
    bus.close()


def test_a_killed_consumer_loses_nothing(where: tuple[Bus, str]) -> None:
    bus, place = where
    bus.declare("iamis.q", [Binding(EVENTS, "#")])
    sent = Message("event-1", EVENTS, "marks.submitted.v1", b"{}")
    bus.publish([sent])

    command = [sys.executable, "-m", "tests.contract.crashing_consumer", place, "iamis.q"]
    killed = subprocess.run(command, check=False, timeout=30)
    assert killed.returncode == -signal.SIGKILL
    wait_for("the message is back", lambda: bus.depth("iamis.q") == 1)

    got: list[Message] = []
    stop = threading.Event()
    thread = threading.Thread(target=bus.consume, args=("iamis.q", one_by_one(got.append), stop))
    thread.start()
    wait_for("redelivery after the crash", lambda: got)
    stop.set()
    thread.join(10)
    assert got == [sent]


def test_what_a_failed_consumer_held_is_delivered_again_in_the_same_process(tmp_path: Path) -> None:
    path = tmp_path / "bus.sqlite"
    failed, bus = EmbeddedBus(path), EmbeddedBus(path)
    bus.declare("q", [Binding(EVENTS, "#")])
    sent = Message("event-1", EVENTS, "marks.submitted.v1", b"{}")
    bus.publish([sent])
    stop = threading.Event()

    def break_off(_message: Message) -> None:
        # Neither acknowledged nor given up, as when the disk is full.
        raise SystemExit

    with pytest.raises(SystemExit):
        failed.consume("q", one_by_one(break_off), stop)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        failed._connection.execute("PRAGMA busy_timeout=0")  # noqa: SLF001 - do not wait here
        with pytest.raises(BusError):
            failed.close()
        other.execute("ROLLBACK")

    def take(message: Message) -> None:
        got.append(message)
        stop.set()

    got: list[Message] = []
    bus.consume("q", one_by_one(take), stop)
    bus.close()
    assert got == [sent]
