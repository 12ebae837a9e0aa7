"""How long to wait after failures in a row."""

import secrets
import time

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 15.0
DOUBLINGS = 4


class Pauses:
    """Doubled with each failure, with jitter, up to the longest."""

    def __init__(self) -> None:
        self._failures = 0
        self._until = 0.0

    @property
    def over(self) -> bool:
        """Whether what failed may be tried again."""
        return time.monotonic() >= self._until

    def failed(self) -> float:
        """Begin the next pause; gives its seconds."""
        longest = min(FIRST_SECONDS * 2.0 ** min(self._failures, DOUBLINGS), LONGEST_SECONDS)
        pause = longest / 2 + secrets.randbelow(1000) / 1000 * longest / 2
        self._failures += 1
        self._until = time.monotonic() + pause
        return pause

    def succeeded(self) -> None:
        self._failures = 0
        self._until = 0.0
