"""A large file sent through the service and straight to the store, beside the plain client."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from tests.bench.rows import Row, at_least
from tests.bench.system import System
from tests.support.large_files import (
    MEBIBYTE,
    plain_store,
    send_direct,
    send_plain,
    send_whole,
)
from tests.support.sheet import Sheet

SIZE = 256 * MEBIBYTE
WARM = 16 * MEBIBYTE
ROUNDS = 3
WHOLE_GOAL, DIRECT_GOAL = 0.8, 0.95


def rows(system: System) -> Iterator[Row]:
    """In turns with the plain client, so that a busy minute is shared."""
    storage, sheet = plain_store(system.stack), _sampled(system)
    ways: dict[str, Callable[[int, int], object]] = {
        "plain": partial(send_plain, storage),
        "whole": partial(send_whole, system.stack, sheet),
        "direct": partial(send_direct, system.stack, sheet),
    }
    seconds = dict.fromkeys(ways, 0.0)
    for send in ways.values():
        send(WARM, 0)
    for turn in range(1, ROUNDS + 1):
        for way, send in ways.items():
            system.teacher.renew()
            began = time.perf_counter()
            send(SIZE, turn)
            seconds[way] += time.perf_counter() - began
    for way, what, goal in (
        ("whole", "a file of 256 MiB through gateway and service", WHOLE_GOAL),
        ("direct", "the same in parts straight to the store, read back and listed", DIRECT_GOAL),
    ):
        yield Row(
            what,
            _told(seconds[way]),
            f"plain client of the store: {_told(seconds['plain'])}",
            seconds["plain"] / seconds[way],
            f"≥ {goal}",
            at_least(goal),
        )


def _sampled(system: System) -> Sheet:
    (paper_id,) = system.papers(1, 3, "E")
    sheet = Sheet(system.teacher, system.centre_no, paper_id)
    sheet.fill_all()
    sheet.submit()
    sheet.wait_for_sample()
    sheet.wait_for_uploads("0001")
    return sheet


def _told(seconds: float) -> str:
    return f"{ROUNDS * SIZE / MEBIBYTE / seconds:.0f} MiB/s"
