"""Bounded waits that say what they took: a time is printed, never asserted."""

import time
from collections.abc import Callable

import pytest

STEP_SECONDS = 0.01


def wait_for(what: str, done: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until `done()` is true; fail the test after `seconds`."""
    started = time.monotonic()
    while not done():
        if time.monotonic() - started > seconds:
            pytest.fail(f"waited {seconds} s in vain: {what}")
        time.sleep(STEP_SECONDS)
    print(f"{what}: {(time.monotonic() - started) * 1000:.0f} ms")
