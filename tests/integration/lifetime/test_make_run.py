"""`make run` in a fresh clone, with nothing in the environment: as a stranger would begin."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.launcher.instance import Instance
from shared.launcher.ports import free_ports
from shared.settings import inherited
from tests.support import demo
from tests.support.processes import processes_of_home
from tests.support.stack import ROOT, Stack
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

FIRST_SECONDS = 600
SECONDS = 120
# Its ports are of those of this process, so that nobody beside it is given one that it binds later.
KEPT = ("HOME", "PATH", "IAMIS_PORTS")


@dataclass
class MadeStack(Stack):
    """The system, started by make in a folder of its own."""

    folder: Path = ROOT

    def launch(self) -> None:
        command = ["make", "run", f"PORT={self.port}", f"IAMIS_HOME={self.path}"]
        with self.output_file.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                env={name: value for name, value in inherited().items() if name in KEPT},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        assert self.process.poll() is None, f"make run has ended:\n{self.output()}"
        # What an earlier start has left says nothing of this one.
        instance = Instance.read(self.home)
        return bool(instance and instance.state == "ready" and instance.pid in self.processes())

    def press_ctrl_c(self) -> None:
        """As a terminal does: to make, the launcher, and whoever else is in the foreground."""
        os.killpg(self.process.pid, signal.SIGINT)

    def wait_until_gone(self) -> None:
        """Wait until make has ended, and nothing of the home runs in any session."""
        wait_for("make has ended", lambda: self.process.poll() is not None, SECONDS)
        wait_for("nothing runs", lambda: not self.processes(), SECONDS)
        assert processes_of_home(self.path) == {}

    def end(self) -> None:
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed, in an empty folder."""
    folder = tmp_path_factory.mktemp("clone") / "iamis"
    git = shutil.which("git")
    assert git
    subprocess.run([git, "clone", "--quiet", ROOT, folder], check=True)
    return folder


NewSystem = Callable[[], MadeStack]


@pytest.fixture
def new_system(clone: Path, tmp_path: Path) -> Iterator[NewSystem]:
    """Give systems on the same new home and port; whatever they left is ended."""
    made: list[MadeStack] = []
    port = free_ports(1)[0]

    def new() -> MadeStack:
        made.append(MadeStack(tmp_path / "home", port, folder=clone))
        return made[-1]

    yield new
    for stack in made:
        stack.end()


def started(stack: MadeStack) -> MadeStack:
    stack.launch()
    wait_for("the system is ready", stack.is_ready, FIRST_SECONDS)
    return stack


def test_it_runs_from_nothing_and_ctrl_c_ends_all_of_it(new_system: NewSystem) -> None:
    stack = started(new_system())
    told = stack.accounts[0]["password"]
    wait_for("the accounts are printed", lambda: told in stack.output(), SECONDS)
    demo.is_whole(stack)
    stack.press_ctrl_c()
    stack.wait_until_gone()

    again = started(new_system())
    for _impatient in range(2):
        again.press_ctrl_c()
    again.wait_until_gone()

    last = started(new_system())
    last.process.terminate()
    last.wait_until_gone()
    for line in last.output().splitlines():
        if line.startswith("Ready after"):
            print(line)


def test_all_of_it_ends_with_a_launcher_that_is_killed(new_system: NewSystem) -> None:
    stack = started(new_system())
    os.kill(stack.instance.pid, signal.SIGKILL)
    stack.wait_until_gone()

    again = new_system()
    again.home.instance_file.unlink()
    demo.is_whole(started(again))


MOMENTS = [
    ("Starting", 0),
    ("Preparing", 0),
    ("Loading", 0),
    ("Loading", 1.5),
    ("Loading", 2.5),
    ("Loading", 3.5),
]


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize(("words", "seconds"), MOMENTS)
def test_a_first_start_that_was_interrupted_is_taken_up_again(
    new_system: NewSystem, words: str, seconds: float, with_signal: signal.Signals
) -> None:
    stack = new_system()
    stack.launch()
    wait_for(words, lambda: words in stack.output(), FIRST_SECONDS)
    time.sleep(seconds)
    os.killpg(stack.process.pid, with_signal)
    stack.wait_until_gone()

    demo.is_whole(started(new_system()))
