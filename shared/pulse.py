"""Whether a loop that should go on does: it beats, and who looks sees for how long it has not."""

import time


class Pulse:
    """The beats of one thread; others read them."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def beat(self) -> None:
        """Say that a round went well, one with nothing to do as well."""
        self._last = time.monotonic()

    @property
    def age_seconds(self) -> float:
        return time.monotonic() - self._last
