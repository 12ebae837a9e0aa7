"""A consumer that is killed with a message in hand: the next one gets it."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

from shared.bus import EVENTS, Binding, Message
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
