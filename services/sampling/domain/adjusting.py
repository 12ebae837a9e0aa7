"""The adjustment of all of a centre's marks: a line through the sample, kept within the rules.

Fractions are exact, so that the same marks give the same adjustment on every machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Pair:
    """One candidate's mark as the centre gave it and as the moderator did."""

    centre: int
    moderator: int


@dataclass(frozen=True)
class Line:
    """The moderator's mark expected for a centre's mark: `slope` times it, and `intercept`."""

    slope: Fraction
    intercept: Fraction

    @property
    def keeps_order(self) -> bool:
        """Whether a higher mark of the centre never becomes the lower one."""
        return self.slope >= 0

    def adjusted(self, mark: int, maximum: int) -> int:
        """The mark after the adjustment: whole (a half upwards), 0…maximum; 0 stays 0."""
        if mark == 0:
            return 0
        expected = self.slope * mark + self.intercept
        return max(0, min(maximum, (expected + HALF).__floor__()))

    def to_json(self) -> dict[str, str]:
        return {"slope": str(self.slope), "intercept": str(self.intercept)}

    @classmethod
    def from_json(cls, kept: dict[str, str]) -> Self:
        return cls(Fraction(kept["slope"]), Fraction(kept["intercept"]))


def fit(pairs: Sequence[Pair]) -> Line:
    """The line of least squares through the pairs.

    Where the centre gave all of them one mark, no slope is known: the mean difference is added.
    Nobody at all leaves every mark as it is.
    """
    count = len(pairs)
    if not count:
        return Line(Fraction(1), Fraction(0))
    centre = Fraction(sum(pair.centre for pair in pairs), count)
    moderator = Fraction(sum(pair.moderator for pair in pairs), count)
    spread = sum((pair.centre - centre) ** 2 for pair in pairs)
    together = sum((pair.centre - centre) * (pair.moderator - moderator) for pair in pairs)
    slope = Fraction(together) / spread if spread else Fraction(1)
    return Line(slope, moderator - slope * centre)
