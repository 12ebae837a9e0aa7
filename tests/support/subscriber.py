"""`iamis subscribe` as a process, and what it has printed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.settings import inherited
from tests.support.stack import ROOT


class Subscriber:
    """A subscriber on the installation in `home`; it adds to the file `output`."""

    def __init__(self, home: Path, output: Path, *arguments: str) -> None:
        self.output = output
        command = [sys.executable, "-m", "shared.cli", "--home", str(home), "subscribe"]
        with output.open("ab") as out:
            self.process = subprocess.Popen(
                [*command, *arguments], cwd=ROOT, env=inherited(), stdout=out
            )

    def printed(self) -> list[str]:
        """The ids of the whole lines."""
        lines = self.output.read_text(encoding="utf-8").splitlines(keepends=True)
        return [json.loads(line)["id"] for line in lines if line.endswith("\n")]

    def has_printed(self, count: int) -> Callable[[], bool]:
        return lambda: len(set(self.printed())) >= count

    def end(self) -> None:
        """Kill it in the middle of what it does."""
        self.process.kill()
        self.process.wait()


@contextmanager
def subscribed(home: Path, output: Path, *arguments: str) -> Iterator[Subscriber]:
    """A subscriber that is ended, whatever happens."""
    subscriber = Subscriber(home, output, *arguments)
    try:
        yield subscriber
    finally:
        subscriber.end()


def drop_half_a_line(output: Path) -> None:
    """Half a line is the last one's of a subscriber that was killed."""
    text = output.read_text(encoding="utf-8")
    output.write_text(text[: text.rfind("\n") + 1], encoding="utf-8")
