"""Bounded waits that say what they took."""

import time
from collections.abc import Callable

POLL_SECONDS = 0.1


def wait_until(what: str, reached: Callable[[], bool], seconds: float) -> None:
    """Wait for `reached`, and print how long it took; fails after `seconds`."""
    began = time.monotonic()
    while not reached():
        taken = time.monotonic() - began
        assert taken < seconds, f"{what}: not within {seconds:g} s"
        time.sleep(POLL_SECONDS)
    print(f"{what}: {time.monotonic() - began:.1f} s")  # noqa: T201 - shown by a failing test
