"""Having on disk what another process has only written: SeaweedFS flushes nothing by itself."""

import os
from pathlib import Path

# Files of a store grow by appending; two writes within a tick of the clock differ in size.
State = tuple[int, int]


class Flusher:
    """Flushes what has changed in a folder, and below, since it was flushed the last time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._flushed: dict[Path, State] = {}

    def flush(self) -> None:
        """Return when all that was written before this call is on disk."""
        for path in (self._folder, *self._folder.rglob("*")):
            try:
                self._flush(path)
            except FileNotFoundError:
                # What the store has removed meanwhile, it has put into another file.
                self._flushed.pop(path, None)

    def _flush(self, path: Path) -> None:
        stat = path.stat()
        state = (stat.st_mtime_ns, stat.st_size)
        if self._flushed.get(path) == state:
            return
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        # Kept only now: whoever finds it takes the file for flushed.
        self._flushed[path] = state
