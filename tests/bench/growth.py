"""What the same work costs when the databases hold more: entries of other centres are added.

Judged by the processor's time of all that has a part in it, for the sizes cannot take turns: a busy
minute would be taken for growth.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from tests.bench import processes
from tests.bench.backlog import drained
from tests.bench.board import CANDIDATES
from tests.bench.rows import Row, at_most
from tests.bench.saving import PROCESSES, Kind, batch, single
from tests.bench.system import System
from tests.support.roundtrips import seconds_of
from tests.support.sheet import Sheet
from tests.support.stack import Stack

GOAL = 1.3
CLIENTS = 8
ROUNDS = 3
SUBMISSIONS = 30
# Beside one centre, which has about a thousand entries: a hundred thousand, and a whole board.
MIDDLE = 84


@dataclass(frozen=True)
class Cost:
    """Of one piece of work, in milliseconds: the processor's time, and how long it took."""

    processor: float
    took: float

    def __str__(self) -> str:
        return f"{self.processor:.2f} ms of processor (took {self.took:.0f} ms)"


def rows(system: System) -> Iterator[Row]:
    measured: dict[str, dict[str, Cost]] = {}
    for centres in (0, MIDDLE, system.scale.centres):
        system.centres.grow(centres)
        measured[f"{system.centres.entries:,}"] = costs(system, f"G{len(measured)}")
    smallest, *larger = measured
    for what, least in measured[smallest].items():
        for size in larger:
            cost = measured[size][what]
            yield Row(
                f"{what}, {size} entries",
                str(cost),
                f"{smallest} entries: {least}",
                cost.processor / least.processor,
                f"≤ {GOAL}",
                at_most(GOAL),
            )


def costs(system: System, prefix: str) -> dict[str, Cost]:
    """What each kind of work costs now, on papers of its own."""
    papers = system.papers(CLIENTS, CANDIDATES, prefix)
    url, headers = system.stack.base_url, system.authorization()
    kinds = {
        "a mark saved": partial(single, system),
        f"one of {CANDIDATES} marks saved together": partial(batch, system, size=CANDIDATES),
    }
    saved = {
        what: _least(
            [Kind(url, [partial(calls, each) for each in papers], headers) for _ in range(ROUNDS)],
            system,
        )
        for what, calls in kinds.items()
    }
    return saved | {"from a submission to its sample": _sampled(system, f"{prefix}S")}


def _least(rounds: Sequence[Kind], system: System) -> Cost:
    """Of the round that cost least: what else goes on in the machine only adds."""
    for kind in rounds:
        kind.run(system)
    costs_of = [
        Cost(sum(kind.spent_on_one(PROCESSES).values()), median(kind.measured.seconds) * 1000)
        for kind in rounds
    ]
    return min(costs_of, key=lambda cost: cost.processor)


def _sampled(system: System, prefix: str) -> Cost:
    """Of one submission, with all that its events come to in every service."""
    sheets = [
        Sheet(system.teacher, system.centre_no, paper_id)
        for paper_id in system.papers(2 * SUBMISSIONS, CANDIDATES, prefix)
    ]
    for sheet in sheets:
        sheet.fill({f"{n:04d}": [40 + n] for n in range(1, CANDIDATES + 1)})
    # One after the other to see how long it takes, and as many together, without looking meanwhile.
    took = []
    for sheet in sheets[SUBMISSIONS:]:
        sheet.submit()
        took.append(seconds_of(sheet.wait_for_sample))
    drained(system.stack)
    rounds = [sheets[first:SUBMISSIONS:ROUNDS] for first in range(ROUNDS)]
    least = min(_spent_on(system.stack, each) / len(each) for each in rounds)
    return Cost(least * 1000, median(took) * 1000)


def _spent_on(stack: Stack, sheets: Sequence[Sheet]) -> float:
    """Seconds of processor until what they are submitted for is done."""
    before = sum(processes.spent(stack.instance.pids).values())
    for sheet in sheets:
        sheet.submit()
    drained(stack)
    return sum(processes.spent(stack.instance.pids).values()) - before
