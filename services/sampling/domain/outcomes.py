"""Sampling by outcome: so many of each, shortfalls filled from the others."""

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.sampling.domain.candidates import Ranking
from services.sampling.domain.reasons import Picks, Reason, ReasonCode


@dataclass(frozen=True)
class PerOutcome:
    """Up to `each` candidates of each outcome of the paper, together at most `at_most`."""

    each: int
    at_most: int

    def first(self, ranking: Ranking) -> Picks:
        """The first sample of a paper: growth from nothing."""
        return self.more(ranking, frozenset())

    def more(self, ranking: Ranking, chosen: AbstractSet[int]) -> Picks:
        """Whom to add to the `chosen` ranks.

        One of the highest and of the lowest outcome given if the sample has none; then, until the
        size is reached, always one of the outcome with the fewest in the sample (equal ones: the
        higher outcome). Within an outcome the lower candidate number goes first.
        """
        size = min(self.at_most, self.each * len(ranking.outcomes), len(ranking))
        turns = _turns(ranking, chosen)
        ends = {*ranking.levels[:1], *ranking.levels[-1:]}
        needed = [
            rank for rank, turn in turns.items() if turn == 0 and ranking.levels[rank] in ends
        ]
        queue = sorted(turns, key=lambda rank: (rank not in needed, turns[rank], rank))
        return {
            rank: self._reason(ranking, rank, turns[rank], size)
            for rank in queue[: max(len(needed), size - len(chosen))]
        }

    def _reason(self, ranking: Ranking, rank: int, turn: int, size: int) -> Reason:
        if size == len(ranking):
            return Reason(ReasonCode.ALL)
        outcome = ranking.candidates[rank].outcome or ""
        if turn < self.each:
            return Reason(ReasonCode.OUTCOME, {"outcome": outcome, "each": self.each})
        return Reason(ReasonCode.SHORTFALL, {"outcome": outcome, "size": size})


def _turns(ranking: Ranking, chosen: AbstractSet[int]) -> dict[int, int]:
    """For each rank not chosen: how many of its outcome come before it."""
    before = Counter(ranking.levels[rank] for rank in chosen)
    turns: dict[int, int] = {}
    for rank, level in enumerate(ranking.levels):
        if rank not in chosen:
            turns[rank] = before[level]
            before[level] += 1
    return turns
