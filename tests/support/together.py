"""Doing things at the same moment, as people do."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")
PATIENCE_SECONDS = 60


def together(*works: Callable[[], Result]) -> Sequence[Result]:
    """Begin all of them at once, each in a thread; their results, or the first exception."""
    line = threading.Barrier(len(works))

    def begin(work: Callable[[], Result]) -> Result:
        line.wait(PATIENCE_SECONDS)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(begin, work) for work in works]
        return [one.result(PATIENCE_SECONDS) for one in running]
