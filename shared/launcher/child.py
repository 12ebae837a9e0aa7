"""One child process: in its own group, with its own log, and never outliving the launcher."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

PR_SET_PDEATHSIG = 1
OWNER_ONLY = 0o077
KILL_SECONDS = 5.0

libc = ctypes.CDLL(None)


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent, the process `parent`, ends."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _begin(parent: int) -> None:
    die_with(parent)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


@dataclass
class Child:
    """What to run. `grace_seconds` is the time between `stop_signal` and SIGKILL."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    log: Path
    folder: Path | None = None
    grace_seconds: float = 30.0
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def rotate_log(self) -> None:
        """Keep the log of the last start beside that of this one."""
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment,
                umask=OWNER_ONLY,
                process_group=0,
                # The launcher has no threads, which are what makes this hook unsafe.
                preexec_fn=partial(_begin, os.getpid()),  # noqa: PLW1509
            )

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self.process.pid if self.process and self.status is None else None

    @property
    def status(self) -> int | None:
        """How it ended: the exit status, or minus the signal. None while it runs."""
        return self.process.poll() if self.process else None

    def ask_to_stop(self) -> None:
        if self.process:
            self.process.send_signal(self.stop_signal)

    def stop(self, seconds: float) -> None:
        """Wait so long for its end, then kill its whole group."""
        if not self.process:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(KILL_SECONDS)
