"""Ranking and sampling very many candidates, beside one sort of the same list."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

from services.sampling.domain import Candidate, choose
from services.sampling.policies import load_policies
from tests.bench.rows import Row, at_most

CANDIDATES = 100_000
TIMES = 7
MAXIMUM = 601
POLICIES = ("wjec-rank-order", "even-spread-2026")
GOAL = 4.0


def rows(count: int = CANDIDATES) -> Iterator[Row]:
    """The sample of so many by each policy for marks, in turns with the sort."""
    everybody = [
        Candidate(f"{i:06}", mark=i * i % MAXIMUM, initials="CD" if i % 9 else "EF")
        for i in range(count)
    ]
    sort = partial(sorted, everybody, key=_by_rank)
    for name in POLICIES:
        sample = partial(choose, load_policies()[name], everybody)
        turns = [(_seconds(sample), _seconds(sort)) for _each in range(TIMES)]
        ours, baseline = (median(taken) for taken in zip(*turns, strict=True))
        yield Row(
            f"{count:,} candidates ranked and sampled, {name}",
            f"{ours * 1000:.0f} ms",
            f"one sort of them: {baseline * 1000:.0f} ms",
            ours / baseline,
            f"≤ {GOAL:.0f}",
            at_most(GOAL),
            [taken / sorting for taken, sorting in turns],
        )


def _by_rank(candidate: Candidate) -> tuple[int, str]:
    return -(candidate.mark or 0), candidate.candidate_no


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
