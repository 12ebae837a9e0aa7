"""A large file sent through the service and straight to the store, beside the plain client."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from tests.bench import processes
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

SIZE = 1024 * MEBIBYTE
WARM = 16 * MEBIBYTE
ROUNDS = 2
WHOLE_GOAL, DIRECT_GOAL = 0.8, 0.95
CLIENT = "client"
PROCESSES = (CLIENT, "gateway", "uploads", "store")


@dataclass
class Way:
    """One way of sending: how long it took in all, and what the processes spent."""

    send: Callable[[int, int], object]
    seconds: float = 0.0
    spent: Counter[str] = field(default_factory=Counter)

    def run(self, system: System, turn: int) -> None:
        system.teacher.renew()
        before, began = _spent(system), time.perf_counter()
        self.send(SIZE, turn)
        self.seconds += time.perf_counter() - began
        self.spent.update(_spent(system))
        self.spent.subtract(before)

    @property
    def speed(self) -> str:
        return f"{ROUNDS * SIZE / MEBIBYTE / self.seconds:.0f} MiB/s"

    @property
    def shares(self) -> str:
        """Seconds of processor for one file, by process."""
        each = ", ".join(f"{name} {self.spent[name] / ROUNDS:.1f}" for name in PROCESSES)
        return f"{self.spent.total() / ROUNDS:.1f} s ({each})"


def rows(system: System) -> Iterator[Row]:
    """In turns with the plain client, so that a busy minute is shared."""
    storage, sheet = plain_store(system.stack), _sampled(system)
    plain = Way(partial(send_plain, storage))
    whole = Way(partial(send_whole, system.stack, sheet))
    direct = Way(partial(send_direct, system.stack, sheet))
    for way in (plain, whole, direct):
        way.send(WARM, 0)
    for turn in range(1, ROUNDS + 1):
        for way in (plain, whole, direct):
            way.run(system, turn)
    ways = (
        ("1 GB through the service", whole, WHOLE_GOAL),
        ("1 GB by parts straight to the store, read back and listed", direct, DIRECT_GOAL),
    )
    for what, way, goal in ways:
        yield Row(
            what,
            way.speed,
            f"plain client of the store: {plain.speed}",
            plain.seconds / way.seconds,
            f"≥ {goal}",
            at_least(goal),
        )
    # Where the limit is: on a machine that is busy, these change less than the speed.
    for what, way, _goal in ways:
        yield Row(
            f"processor time of {what}",
            way.shares,
            f"plain client of the store: {plain.shares}",
            way.spent.total() / plain.spent.total(),
        )


def _spent(system: System) -> dict[str, float]:
    """Seconds of processor so far: of the client, which is this process, and of those it uses."""
    of_system = processes.spent(system.stack.instance.pids)
    own = os.times()
    return {CLIENT: own.user + own.system} | {
        name: of_system[name] for name in PROCESSES if name != CLIENT
    }


def _sampled(system: System) -> Sheet:
    (paper_id,) = system.papers(1, 3, "E")
    sheet = Sheet(system.teacher, system.centre_no, paper_id)
    sheet.fill_all()
    sheet.submit()
    sheet.wait_for_sample()
    sheet.wait_for_uploads("0001")
    return sheet
