"""Small files that are either whole or not there, and readable by their owner alone."""

import os
from pathlib import Path

OWNER_ONLY = 0o600


def write_whole(path: Path, text: str) -> None:
    """Replace `path` in one step, on disk before it is named so."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log, for a message; empty when there is none."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
