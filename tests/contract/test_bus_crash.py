"""A consumer that is killed with a message in hand: the next one gets it."""

import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from shared.bus import EVENTS, Binding, BusError, Message
from shared.bus.embedded import EmbeddedBus
from tests.support.waiting import wait_for


def test_a_killed_consumer_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bus.sqlite"
    bus = EmbeddedBus(path)
    bus.declare("q", [Binding(EVENTS, "#")])
    sent = Message("event-1", EVENTS, "marks.submitted.v1", b"{}")
    bus.publish([sent])

    command = [sys.executable, "-m", "tests.contract.crashing_consumer", str(path), "q"]
    killed = subprocess.run(command, check=False, timeout=30)
    assert killed.returncode == -signal.SIGKILL
    assert bus.depth("q") == 1

    got: list[Message] = []
    stop = threading.Event()
    thread = threading.Thread(target=bus.consume, args=("q", got.append, stop))
    thread.start()
    wait_for("redelivery after the crash", lambda: got)
    stop.set()
    thread.join(10)
    bus.close()
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
        failed.consume("q", break_off, stop)
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
    bus.consume("q", take, stop)
    bus.close()
    assert got == [sent]
