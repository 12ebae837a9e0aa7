"""Events that wait: to be published, or to be handled."""

import time

from tests.support.effects import CONSUMERS
from tests.support.faults import bus_of, unpublished
from tests.support.stack import Stack

MOST_SECONDS, LOOK_SECONDS = 300.0, 0.25


def drained(stack: Stack) -> float:
    """Wait until none does; the seconds that it took. Seldom looks, for looking is work too."""
    began = time.monotonic()
    while _waiting(stack):
        assert time.monotonic() - began < MOST_SECONDS, "events are not handled"
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began


def _waiting(stack: Stack) -> bool:
    with bus_of(stack) as bus:
        return any(unpublished(stack, name) or bus.depth(f"iamis.{name}") for name in CONSUMERS)
