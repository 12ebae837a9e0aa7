"""Children that run, die and are stopped, without a system around them."""

import signal
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from shared.launcher.child import Child
from shared.launcher.errors import InterruptedStartError, LauncherError
from shared.launcher.signals import Signals
from shared.launcher.supervisor import Supervisor
from shared.settings import inherited

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""
LEAVING_WORD = """
import signal, sys, time
def leave(*_):
    open({order!r}, "a").write({name!r} + " ")
    sys.exit()
signal.signal(signal.SIGTERM, leave)
print("up", flush=True)
time.sleep(60)
"""


class Stage:
    """A supervisor whose watch ends after a number of waits."""

    def __init__(self, folder: Path, signals: Signals) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.changes = 0
        self.supervisor = Supervisor(signals, self.said.append, self.count_change)

    def count_change(self) -> None:
        self.changes += 1

    def child(self, name: str, code: str, grace_seconds: float = 5) -> Child:
        command = [sys.executable, "-c", code]
        log = self.folder / f"{name}.log"
        return Child(name, command, inherited(), log, grace_seconds=grace_seconds)


def is_up(child: Child) -> bool:
    return "up" in child.log.read_text()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Signals() as signals:
        stage = Stage(tmp_path, signals)
        try:
            yield stage
        finally:
            stage.supervisor.stop()


def test_a_command_is_run_to_its_end(stage: Stage) -> None:
    stage.supervisor.run(stage.child("once", "print('done')"))

    assert (stage.folder / "once.log").read_text() == "done\n"


def test_a_command_that_fails_tells_the_end_of_its_log(stage: Stage) -> None:
    with pytest.raises(LauncherError, match=r"(?s)once ended with status 3.*why it failed"):
        stage.supervisor.run(stage.child("once", "print('why it failed'); raise SystemExit(3)"))


def test_a_child_that_dies_while_starting_ends_the_start(stage: Stage) -> None:
    stage.supervisor.start(stage.child("dying", "raise SystemExit(4)"))

    with pytest.raises(LauncherError, match="dying ended with status 4"):
        stage.supervisor.wait_until(lambda: False, "dying", 30)


def test_a_wait_is_bounded(stage: Stage) -> None:
    with pytest.raises(LauncherError, match="thing did not answer"):
        stage.supervisor.wait_until(lambda: False, "thing", 0.2)


def test_a_dead_child_is_started_again(stage: Stage) -> None:
    marker = stage.folder / "marker"
    # The first time it dies; the second time it tells its parent to stop watching.
    code = f"""
import os, pathlib, signal, time
marker = pathlib.Path({str(marker)!r})
if marker.exists():
    os.kill(os.getppid(), signal.SIGTERM)
    time.sleep(60)
marker.touch()
"""
    child = stage.child("dying", code)
    stage.supervisor.start(child)
    first = child.process

    with pytest.raises(InterruptedStartError):
        stage.supervisor.watch()

    assert child.process is not first
    assert stage.supervisor.pids() == {"dying": child.pid}
    assert stage.changes == 2
    assert len(stage.said) == 1
    assert "dying" in stage.said[0]


def test_a_child_that_does_not_stop_is_killed(stage: Stage) -> None:
    stubborn = stage.child("stubborn", STUBBORN, grace_seconds=0.5)
    stage.supervisor.start(stubborn)
    stage.supervisor.wait_until(partial(is_up, stubborn), "stubborn", 30)

    stage.supervisor.stop()

    assert stubborn.status == -signal.SIGKILL


def test_stages_are_stopped_from_the_last_to_the_first(stage: Stage) -> None:
    order = stage.folder / "order"
    for name in ("one", "two"):
        child = stage.child(name, LEAVING_WORD.format(order=str(order), name=name))
        stage.supervisor.start(child)
        stage.supervisor.wait_until(partial(is_up, child), name, 30)

    stage.supervisor.stop()

    assert order.read_text() == "two one "


def test_a_signal_from_before_the_wait_is_not_lost() -> None:
    with Signals() as signals:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(InterruptedStartError):
            signals.wait(30)
    assert not signal.sigpending()


def test_the_log_of_the_last_start_is_kept(stage: Stage) -> None:
    for word in ("first", "second"):
        stage.supervisor.run(stage.child("once", f"print({word!r})"))

    assert (stage.folder / "once.log").read_text() == "second\n"
    assert (stage.folder / "once.log.1").read_text() == "first\n"
