"""The operators' commands, typed at a terminal."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.settings import inherited
from tests.support.stack import ROOT

PIECE = 4096
SECONDS = 120


@dataclass(frozen=True)
class Typed:
    """How a command ended: `out` is for programs, `seen` (progress, errors) for the operator."""

    status: int
    out: str
    seen: str


def iamis(home: Path, *arguments: str | Path, **given: str) -> Typed:
    """Run `iamis` on `home`, with these variables; its standard error is a terminal."""
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "shared.cli", "--home", str(home), *map(str, arguments)]
    environment = {name: value for name, value in inherited().items() if name[:6] != "IAMIS_"}
    environment |= given
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=end, stdout=subprocess.PIPE, stderr=end, text=True
    ) as process:
        os.close(end)
        seen = b"".join(_shown(terminal))
        out, _nothing = process.communicate(timeout=SECONDS)
    os.close(terminal)
    return Typed(process.returncode, out, seen.decode())


def _shown(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(terminal, PIECE)
        except OSError:
            # So a terminal says that nobody writes to it any more.
            return
        yield piece
