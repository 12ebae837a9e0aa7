"""Having on disk what another process has only written: SeaweedFS flushes nothing by itself."""

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

# Files of a store grow by appending; two writes within a tick of the clock differ in size.
State = tuple[int, int]

log = logging.getLogger(__name__)


class Flusher:
    """Flushes what has changed in a folder, and below, since it was flushed the last time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._flushed: dict[Path, State] = {}
        self._failure: OSError | None = None
        self._lock = threading.Lock()

    def flush(self) -> None:
        """Return when all that was written before this call is on disk.

        Once the disk has failed it fails for good: the kernel tells of it once, and not what it
        lost. Whatever else goes wrong (too many open files) may go well at the next call.
        """
        with self._lock:
            self._flush_all()

    def flush_ahead(self) -> None:
        """Begin with it in the background, unless somebody flushes now; `flush` does the rest."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            threading.Thread(target=self._in_background, name="flush").start()
        except RuntimeError:
            self._lock.release()
            log.warning("nothing is flushed ahead", exc_info=True)

    def _in_background(self) -> None:
        try:
            self._flush_all()
        except OSError:
            log.warning("not all is flushed ahead", exc_info=True)
        finally:
            self._lock.release()

    def _flush_all(self) -> None:
        if self._failure:
            message = f"what was written may not be on disk: {self._failure}"
            raise OSError(message) from self._failure
        for path in self._paths():
            try:
                self._flush(path)
            except FileNotFoundError:
                # What the store has removed meanwhile, it has put into another file.
                self._flushed.pop(path, None)

    def _paths(self) -> Iterator[Path]:
        for folder, _folders, files in os.walk(self._folder, onerror=_unless_gone):
            yield Path(folder)
            yield from (Path(folder, name) for name in files)

    def _flush(self, path: Path) -> None:
        stat = path.stat()
        state = (stat.st_mtime_ns, stat.st_size)
        if self._flushed.get(path) == state:
            return
        descriptor = os.open(path, os.O_RDONLY)
        try:
            self._have_on_disk(descriptor)
        finally:
            os.close(descriptor)
        # Kept only now: whoever finds it takes the file for flushed.
        self._flushed[path] = state

    def _have_on_disk(self, descriptor: int) -> None:
        try:
            os.fsync(descriptor)
        except OSError as error:
            self._failure = error
            raise


def _unless_gone(error: OSError) -> None:
    """A folder that was removed meanwhile holds nothing; one that cannot be read might."""
    if not isinstance(error, FileNotFoundError):
        raise error
