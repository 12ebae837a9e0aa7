"""Sampling by rank: bands of numbers of candidates, each with its method.

`lowest` is always the rank of the lowest mark above zero: the last rank, unless zeros count.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

from services.sampling.domain.candidates import Ranking
from services.sampling.domain.reasons import Picks, Reason, ReasonCode
from services.sampling.domain.spacing import even_ranks, farthest_first, make_way


@dataclass(frozen=True)
class All:
    """Everybody."""

    def pick(self, ranking: Ranking) -> Picks:
        return dict.fromkeys(range(len(ranking)), Reason(ReasonCode.ALL))


@dataclass(frozen=True)
class Every:
    """The 1st and every `step`-th; with `fill_to`, extras far from these to make that number."""

    step: int
    fill_to: int | None = None

    def pick(self, ranking: Ranking) -> Picks:
        ranks = self._stepped(ranking)
        picks = {rank: self._reason(rank, len(ranking)) for rank in ranks}
        if self.fill_to is not None:
            extras = farthest_first(ranking.numbers(), ranks)
            reason = Reason(ReasonCode.EXTRA, {"size": self.fill_to})
            picks |= dict.fromkeys(islice(extras, self.fill_to - len(ranks)), reason)
        return picks

    def _stepped(self, ranking: Ranking) -> list[int]:
        ranks = list(range(0, len(ranking), self.step))
        lowest = ranking.lowest
        if lowest is None or lowest in ranks:
            return ranks
        return make_way(ranks, lowest) if len(ranks) == self.fill_to else [*ranks, lowest]

    def _reason(self, rank: int, of: int) -> Reason:
        return Reason(ReasonCode.EVERY, {"rank": rank + 1, "of": of, "step": self.step})


@dataclass(frozen=True)
class Evenly:
    """`count` candidates, evenly by rank."""

    count: int

    def pick(self, ranking: Ranking) -> Picks:
        ranks = even_ranks(len(ranking), self.count)
        lowest = ranking.lowest
        if lowest is not None and lowest not in ranks:
            ranks = make_way(ranks, lowest)
        return {rank: self._reason(rank, len(ranking)) for rank in ranks}

    def _reason(self, rank: int, of: int) -> Reason:
        return Reason(ReasonCode.EVENLY, {"rank": rank + 1, "of": of, "count": self.count})


@dataclass(frozen=True)
class Band:
    """From `first` to `last` eligible candidates, both included; no `last` means and over."""

    first: int
    last: int | None
    method: All | Every | Evenly

    def holds(self, candidates: int) -> bool:
        return self.first <= candidates and (self.last is None or candidates <= self.last)


@dataclass(frozen=True)
class RankOrder:
    """Bands that together hold every number from 1 upwards, which `parse_policy` sees to."""

    bands: Sequence[Band]

    def first(self, ranking: Ranking) -> Picks:
        """The first sample of a paper."""
        if not ranking:
            return {}
        band = next(band for band in self.bands if band.holds(len(ranking)))
        picks = band.method.pick(ranking)
        if len(picks) == len(ranking):
            return All().pick(ranking)
        return picks | _ends(ranking)

    def more(self, ranking: Ranking, chosen: AbstractSet[int]) -> Picks:
        """Whom to add to the `chosen` ranks.

        A highest or lowest mark nobody in the sample has, then the farthest in rank until the
        sample is as large as a first one would be.
        """
        held = {ranking.levels[rank] for rank in chosen}
        ends = _ends(ranking).items()
        picks = {rank: why for rank, why in ends if ranking.levels[rank] not in held}
        size = len(self.first(ranking))
        missing = max(0, size - len(chosen) - len(picks))
        extras = farthest_first(ranking.numbers(), chosen | picks.keys())
        if size == len(ranking):
            return dict.fromkeys((*picks, *extras), Reason(ReasonCode.ALL))
        reason = Reason(ReasonCode.EXTRA, {"size": size})
        return picks | dict.fromkeys(islice(extras, missing), reason)


def _ends(ranking: Ranking) -> Picks:
    """The highest, and the lowest above zero; one candidate who is both is the highest."""
    picks: Picks = {}
    if ranking.lowest is not None:
        code = ReasonCode.BOTTOM_OUTCOME if ranking.outcomes else ReasonCode.BOTTOM
        picks[ranking.lowest] = Reason(code)
    if ranking:
        picks[0] = Reason(ReasonCode.TOP_OUTCOME if ranking.outcomes else ReasonCode.TOP)
    return picks
