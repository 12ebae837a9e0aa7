"""The whole system in a test, started by `iamis up` as people start it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from shared.launcher.child import die_with
from shared.launcher.home import Home
from shared.launcher.instance import Instance, worker_of
from shared.launcher.ports import free_ports
from shared.settings import inherited
from tests.support.postgres import passable_folder
from tests.support.processes import processes_of_session
from tests.support.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED = "embedded"
REAL = "real"
STACKS = [EMBEDDED, REAL]
START_SECONDS = 240
STOP_SECONDS = 60


@dataclass
class Stack:
    """One running system. `environment` is added to that of the test; `kind` names its parts.

    `code` is the tree that it is run from.
    """

    path: Path
    port: int
    options: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    kind: str = EMBEDDED
    code: Path = ROOT

    @property
    def home(self) -> Home:
        return Home(self.path)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def accounts(self) -> list[dict[str, Any]]:
        """What `demo-accounts.json` holds; the first of a role is the one the contract means."""
        read: list[dict[str, Any]] = json.loads(self.home.accounts_file.read_text("utf-8"))
        return read

    @property
    def instance(self) -> Instance:
        instance = Instance.read(self.home)
        assert instance, "nothing runs"
        return instance

    @property
    def output_file(self) -> Path:
        return self.path.with_name(f"{self.path.name}-up.log")

    def output(self) -> str:
        """What `iamis up` has printed, since the first start."""
        return self.output_file.read_text(encoding="utf-8")

    def service_pid(self, name: str) -> int:
        """The process that serves `name` (`store` is the object storage)."""
        return self.instance.pids[name]

    def pids_of(self, name: str) -> set[int]:
        """Every process of the service that the launcher has started."""
        pids = self.instance.pids
        return {pids[each] for each in (name, worker_of(name)) if each in pids}

    def launch(self) -> None:
        """Start `iamis up`, and do not wait."""
        command = [sys.executable, "-m", "shared.cli", "up"]
        command += ["--home", str(self.path), "--port", str(self.port), "--stack", self.kind]
        command += self.options
        with self.output_file.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=self.code,
                env={**inherited(), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # All of its processes are found by their session, and end with the test.
                start_new_session=True,
                preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509
            )

    def start(self) -> None:
        self.launch()
        wait_for("the system is ready", self.is_ready, START_SECONDS)

    def is_ready(self) -> bool:
        assert self.process.poll() is None, f"iamis up has ended:\n{self.output()}"
        instance = Instance.read(self.home)
        return bool(instance and instance.pid == self.process.pid and instance.state == "ready")

    def stop(self, with_signal: signal.Signals = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does; gives the exit status."""
        self.process.send_signal(with_signal)
        wait_for("the system has stopped", lambda: self.process.poll() is not None, STOP_SECONDS)
        return int(self.process.returncode)

    def restart(self) -> None:
        self.stop()
        self.start()

    def processes(self) -> dict[int, str]:
        """Every process of this system that lives: its id and its command line."""
        return dict(processes_of_session(self.process.pid))

    def end(self) -> None:
        """Whatever happened, leave nothing running."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def running_stack(
    home: Path,
    *,
    demo: bool = True,
    environment: Mapping[str, str] | None = None,
    kind: str = EMBEDDED,
) -> Iterator[Stack]:
    """`iamis up` on `home` and a free port, ready; all of it stopped at the end."""
    options = () if demo else ("--no-demo",)
    stack = Stack(home, free_ports(1)[0], options, environment or {}, kind)
    try:
        stack.start()
        yield stack
    finally:
        stack.end()


@contextmanager
def fresh_stack(kind: str, environment: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """As `running_stack`, on a new home that a database may run in; it is removed at the end."""
    with (
        passable_folder() as folder,
        running_stack(folder / "home", kind=kind, environment=environment) as stack,
    ):
        yield stack
