"""Deadline day: the last hour at ten times its expected rate, on the databases of a whole board.

First short steps, each with a larger share of the rate, to find what this machine carries with the
generator beside the system; then that for minutes. A share is carried where nothing is refused,
hardly anybody waits longer than is bearable, and the events are handled about as fast as they come.
"""

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.bench import processes
from tests.bench.backlog import drained
from tests.bench.board import Board
from tests.bench.kept import Kept, kept
from tests.bench.people import signed_in
from tests.bench.rows import Row, at_least, at_most, percentile
from tests.bench.system import System
from tests.bench.traffic import KINDS, MARKS, SAVE, SUBMISSIONS, Traffic, Visit
from tests.bench.visitors import Outcome, visit_all
from tests.support.stack import Stack

SHARES = (0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
STEP_SECONDS = 20.0
BEARABLE_MS = 2_000
# Events may be so far behind at the end: a part of the time, and what is no queue yet, in seconds.
BEHIND, NO_QUEUE = 0.1, 2.0
# Minutes may show what seconds did not: then once more with the share below.
TRIES = 2
SETTLED_SECONDS, LOOK_SECONDS = 30.0, 0.25
# Of a processor: what uses less is not told by name.
LEAST_SHARE = 0.02


@dataclass(frozen=True)
class Run:
    """What came of one share of the rate; `spent` are the processor's seconds by process."""

    share: float
    seconds: float
    visits: Sequence[Visit]
    outcome: Outcome
    behind: float
    spent: Mapping[str, float]

    @property
    def acknowledged(self) -> list[Visit]:
        return [self.visits[one.place] for one in self.outcome.told if one.status in {200, 201}]

    @property
    def refusals(self) -> list[str]:
        """What was refused, or saved in part, or not answered at all."""
        return [
            f"{self.visits[one.place].kind}: {one.status} {one.said}"
            for one in self.outcome.told
            if not self._is_good(one.status, one.said, self.visits[one.place])
        ]

    @staticmethod
    def _is_good(status: int, said: str, visit: Visit) -> bool:
        wanted = {SAVE: str(len(visit.marks))}.get(visit.kind, "")
        return status in {200, 201} and said == wanted

    def of_kind(self, kind: str) -> list[float]:
        return [one.seconds for one in self.outcome.told if self.visits[one.place].kind == kind]

    @property
    def carried(self) -> bool:
        late = percentile([one.seconds for one in self.outcome.told], 99)
        in_time = self.behind <= max(NO_QUEUE, BEHIND * self.seconds)
        return not self.refusals and late <= BEARABLE_MS and in_time

    def __str__(self) -> str:
        late = percentile([one.seconds for one in self.outcome.told], 99)
        return (
            f"{self.share:.3f} of the rate: p99 {late:.0f} ms, {len(self.refusals)} refused "
            f"{self.refusals[:1]}, events {self.behind:.1f} s behind"
        )


class Day:
    """The board and the people of it, and what they do."""

    def __init__(self, board: Board, centres: int) -> None:
        board.grow(centres)
        self.board = board
        self._traffic = Traffic(board)
        self.sign_in()

    def sign_in(self) -> None:
        self._signed_in = signed_in(self.board.stack, self.board.centre_nos)

    def run(self, share: float, seconds: float) -> Run:
        stack = self.board.stack
        visits = self._traffic.plan(share, seconds)
        before = processes.spent(stack.instance.pids)
        outcome = visit_all(stack.base_url, visits, self._signed_in)
        behind = drained(stack)
        after = processes.spent(stack.instance.pids)
        spent = {name: after[name] - before[name] for name in after}
        done = Run(share, seconds, visits, outcome, behind, spent)
        print(done, flush=True)
        return done

    def carried_shares(self, shares: Sequence[float], seconds: float) -> list[float]:
        """Those before the first that is not carried, trying them in turn; the first at least."""
        carried = list(itertools.takewhile(lambda share: self.run(share, seconds).carried, shares))
        return carried or [shares[0]]

    def at_length(self, shares: Sequence[float], seconds: float) -> Run:
        """The run of the largest share that is carried so long, else of the smallest."""
        *smaller, share = shares
        # Nobody's token is to end meanwhile.
        self.sign_in()
        done = self.run(share, seconds)
        return done if done.carried or not smaller else self.at_length(smaller, seconds)


def rows(system: System) -> Iterator[Row]:
    day = Day(system.centres, system.scale.centres)
    carried = day.carried_shares(SHARES, STEP_SECONDS)
    yield from measured(day, day.at_length(carried[-TRIES:], system.scale.seconds))


def measured(day: Day, done: Run) -> Iterator[Row]:
    found = _settled(day.board.stack, done.acknowledged)
    what = f"deadline day on {day.board.entries:,} entries"
    yield Row(
        f"{what}: carried for {done.seconds:.0f} s",
        f"{MARKS * done.share:.0f} marks/s, {SUBMISSIONS * done.share:.1f} submissions/s, "
        f"{len(done.visits) / done.seconds:.0f} requests/s; {_told(done)}",
        f"ten times the expected rate: {MARKS:.0f} marks/s, {SUBMISSIONS:.0f} submissions/s",
        done.share if done.carried else 0.0,
        "≥ 1",
        at_least(1),
    )
    for kind in KINDS:
        times = done.of_kind(kind)
        late = ", ".join(f"p{part} {percentile(times, part):.0f} ms" for part in (50, 95, 99))
        yield Row(f"{what}: {kind}, from when it was due", f"{late} ({len(times)})")
    yield _nothing_lost(what, found)
    yield from _where(what, done)


def _told(done: Run) -> str:
    errors = f"{len(done.refusals)} errors"
    return f"{errors}, all events handled {done.behind:.1f} s after the last answer"


def _nothing_lost(what: str, found: Kept) -> Row:
    return Row(
        f"{what}: acknowledged and lost or doubled",
        f"{found.lost} lost, {found.doubled} doubled",
        f"acknowledged: {found.marks} marks, {found.submissions} submissions",
        float(found.lost + found.doubled),
        "0",
        at_most(0),
    )


def _where(what: str, done: Run) -> Iterator[Row]:
    """Where the limit is: processors in use, by process."""
    during = done.outcome.during + done.behind
    used = {name: spent / during for name, spent in done.spent.items()}
    named = sorted(
        ((share, name) for name, share in used.items() if share >= LEAST_SHARE), reverse=True
    )
    own = done.outcome.spent / done.outcome.during
    yield Row(
        f"{what}: processors in use",
        f"{sum(used.values()):.2f} ({', '.join(f'{name} {share:.2f}' for share, name in named)})",
        f"the generator's own share: {own:.2f}",
    )


def _settled(stack: Stack, acknowledged: Sequence[Visit]) -> Kept:
    """What is kept, once the events in hand are handled."""
    until = time.monotonic() + SETTLED_SECONDS
    while True:
        found = kept(stack, acknowledged)
        if not found.lost or time.monotonic() > until:
            return found
        time.sleep(LOOK_SECONDS)
