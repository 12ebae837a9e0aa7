"""A Docker engine: the one that answers here, or one of our own that leaves nothing behind."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from shared.launcher.child import die_with
from tests.compose.programs import run, succeeds
from tests.support.waiting import wait_for

START_SECONDS = 60
STOP_SECONDS = 60
PULL_SECONDS = 120


@dataclass(frozen=True)
class Engine:
    """`environment` is how its clients find it."""

    environment: Mapping[str, str] = field(default_factory=dict)

    def docker(self, *arguments: str | Path, folder: Path | None = None) -> str:
        return run(["docker", *arguments], folder, self.environment)

    def answers(self) -> bool:
        return succeeds(["docker", "info"], self.environment, seconds=10)

    def can_pull(self, image: str) -> bool:
        """Whether the registry of the image is reached from here."""
        return succeeds(["docker", "pull", "--quiet", image], self.environment, PULL_SECONDS)


@contextmanager
def running_engine() -> Iterator[Engine]:
    """An engine; one that we start needs root, and its data are in a folder of its own."""
    here = Engine()
    if here.answers():
        yield here
        return
    if os.geteuid() != 0:
        pytest.fail("no Docker engine answers here, and only root may start one")
    folder = Path(tempfile.mkdtemp(prefix="iamis-docker-"))
    rules = run(["iptables-save"])
    try:
        with _started(folder) as own:
            yield own
    finally:
        run(["iptables-restore"], given=rules)
        _unmount_below(folder)
        shutil.rmtree(folder)


@contextmanager
def _started(folder: Path) -> Iterator[Engine]:
    address = f"unix://{folder}/socket"
    # No bridge of its own: what is built uses the host's network, compose makes its networks.
    command: list[str | Path] = ["dockerd", "--host", address, "--bridge", "none"]
    command += ["--data-root", folder / "data", "--exec-root", folder / "exec"]
    command += ["--pidfile", folder / "pid"]
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509 - as the launcher does
        )
    engine = Engine({"DOCKER_HOST": address})
    try:
        wait_for("the Docker engine answers", engine.answers, START_SECONDS)
        yield engine
    finally:
        daemon.terminate()
        daemon.wait(STOP_SECONDS)


def _unmount_below(folder: Path) -> None:
    """The engine leaves the network of the host mounted in its folder."""
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    places = [line.split()[1] for line in mounts]
    for place in reversed([one for one in places if Path(one).is_relative_to(folder)]):
        run(["umount", place])
