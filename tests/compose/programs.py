"""Running other programs: bounded, and with what they said when they fail."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from shared.settings import inherited

SECONDS = 600.0
LAST_CHARACTERS = 4000
WORTH_TELLING_SECONDS = 3


def run(
    command: Sequence[str | Path],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    given: str = "",
) -> str:
    """What the program printed, given that to read; fails the test with the end of it."""
    began = time.monotonic()
    done = subprocess.run(
        command,
        cwd=folder,
        env={**inherited(), **(environment or {})},
        input=given,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    took = time.monotonic() - began
    if took > WORTH_TELLING_SECONDS:
        print(f"{' '.join(map(str, command))}: {took:.0f} s", flush=True)
    said = (done.stdout + done.stderr)[-LAST_CHARACTERS:]
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}:\n{said}"
    return done.stdout


def succeeds(
    command: Sequence[str | Path], environment: Mapping[str, str], seconds: float = SECONDS
) -> bool:
    """Whether the program ends well, in time."""
    try:
        done = subprocess.run(
            command,
            env={**inherited(), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
