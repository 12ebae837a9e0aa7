"""Moderation: two stages, what the sample says of the centre's marking, and what becomes of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from services.sampling.domain.adjusting import Line, Pair, fit
from services.sampling.domain.spacing import even_ranks


class Outcome(StrEnum):
    """What became of the centre's marks."""

    ACCEPTED = "accepted"
    ADJUSTED = "adjusted"
    REMARKED = "remarked"


def choices(*, by_marks: bool) -> list[Outcome]:
    """What may be decided: on a paper assessed by outcome there is no mark to be adjusted."""
    return [one for one in Outcome if by_marks or one is not Outcome.ADJUSTED]


@dataclass(frozen=True)
class Judged:
    """A mark, or on a paper assessed by outcome the outcome; both None where there is neither."""

    total: int | None = None
    outcome: str | None = None

    @property
    def there(self) -> bool:
        return self.total is not None or self.outcome is not None


@dataclass(frozen=True)
class Compared:
    """One candidate's mark that counts for the centre, beside the moderator's."""

    candidate_no: str
    centre: Judged
    moderator: Judged

    @property
    def difference(self) -> int | None:
        """The moderator's mark less the centre's, in marks."""
        if self.centre.total is None or self.moderator.total is None:
            return None
        return self.moderator.total - self.centre.total

    def within(self, tolerance: int) -> bool | None:
        """Whether both agree as far as the paper allows; None while the moderator has none."""
        if not self.moderator.there:
            return None
        difference = self.difference
        if difference is None:
            return self.moderator == self.centre
        return abs(difference) <= tolerance


@dataclass(frozen=True)
class Scale:
    """What a paper allows: its tolerance and its maximum, in marks."""

    tolerance: int
    maximum: int


@dataclass(frozen=True)
class Moderation:
    """The moderator's marks of a sample beside the centre's, of those who have work in it.

    `first` are the candidates of stage 1. Where all of these agree within the tolerance nothing
    more is asked; otherwise stage 2 is the rest of the sample.
    """

    compared: Sequence[Compared]
    first: Collection[str]
    scale: Scale

    @cached_property
    def stage(self) -> int:
        return 2 if any(self._agrees(one) is False for one in self._of_first) else 1

    @cached_property
    def missing(self) -> list[str]:
        """Who of the present stage has no mark of the moderator's yet."""
        asked = self.compared if self.stage == 2 else self._of_first  # noqa: PLR2004 - of two
        return [one.candidate_no for one in asked if not one.moderator.there]

    @cached_property
    def line(self) -> Line:
        """Through every candidate both have marked; a mark of zero stays as it is, and is out."""
        return fit(
            [
                Pair(one.centre.total, one.moderator.total)
                for one in self.compared
                if one.centre.total and one.moderator.total is not None
            ]
        )

    @cached_property
    def advice(self) -> Outcome | None:
        """What the rules make of it; None while marks are missing, and where there is no work.

        An adjustment is for a pattern: it has to bring every mark of the sample to within the
        tolerance of the moderator's.
        """
        if self.missing or not self._of_first:
            return None
        if self.stage == 1:
            return Outcome.ACCEPTED
        return Outcome.ADJUSTED if self._has_pattern else Outcome.REMARKED

    def allows(self, outcome: Outcome) -> bool:
        """False where the centre's marks stand, and the outcome is to change them."""
        return outcome is Outcome.ACCEPTED or self.advice is not Outcome.ACCEPTED

    @property
    def _of_first(self) -> list[Compared]:
        return [one for one in self.compared if one.candidate_no in self.first]

    @property
    def _has_pattern(self) -> bool:
        marked = [one for one in self.compared if one.difference is not None]
        return bool(marked) and self.line.keeps_order and all(map(self._explained, marked))

    def _explained(self, one: Compared) -> bool:
        adjusted = self.line.adjusted(one.centre.total or 0, self.scale.maximum)
        return abs(adjusted - (one.moderator.total or 0)) <= self.scale.tolerance

    def _agrees(self, one: Compared) -> bool | None:
        return one.within(self.scale.tolerance)


def first_stage(ranked: Sequence[str], size: int) -> list[str]:
    """The candidates of stage 1: so many of the sample, evenly by rank, both ends among them."""
    return [ranked[rank] for rank in even_ranks(len(ranked), size)]


@dataclass(frozen=True)
class Settled:
    """What a candidate's mark was for the centre, and is after moderation."""

    candidate_no: str
    before: Judged
    after: Judged


def settle(
    outcome: Outcome,
    cohort: Mapping[str, Judged],
    *,
    line: Line,
    maximum: int,
    moderator: Mapping[str, Judged],
) -> list[Settled]:
    """Every candidate's mark under the outcome, by candidate number.

    Of a re-marked paper those the moderator has no mark for keep the centre's.
    """

    def after(candidate_no: str, before: Judged) -> Judged:
        if outcome is Outcome.REMARKED:
            return moderator.get(candidate_no, before)
        if outcome is Outcome.ADJUSTED and before.total is not None:
            return Judged(line.adjusted(before.total, maximum))
        return before

    return [Settled(number, one, after(number, one)) for number, one in sorted(cohort.items())]
