"""What is asked of every service now and then, and kept for a short while."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Remembered(Generic[Found]):
    """What `find` returned, with the seconds it says it is good for."""

    def __init__(self, find: Callable[[], tuple[Found, float]]) -> None:
        self._find = find
        self._found: Found | None = None
        self._until = 0.0

    def get(self) -> Found:
        now = time.monotonic()
        if self._found is None or now >= self._until:
            self._found, seconds = self._find()
            self._until = now + seconds
        return self._found
