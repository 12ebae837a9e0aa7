"""The spread of the marks of a paper, from how many candidates have each."""

from collections.abc import Mapping
from fractions import Fraction
from math import sqrt

from typing_extensions import TypedDict


class Statistics(TypedDict):
    """Of effective marks of submitted candidates without a code.

    `deviation` is that of all these candidates (n); quartiles are marks that somebody has.
    """

    candidates: int
    mean: float
    deviation: float
    lowest: int
    lower_quartile: int
    median: int
    upper_quartile: int
    highest: int


def statistics(counts: Mapping[int, int]) -> Statistics | None:
    """Of marks with how many have them; None of nobody."""
    marks = sorted(mark for mark, count in counts.items() if count)
    total = sum(counts.values())
    if not marks:
        return None
    mean = Fraction(sum(mark * counts[mark] for mark in marks), total)
    variance = sum(counts[mark] * (mark - mean) ** 2 for mark in marks) / total
    lower, median, upper = (_mark_of(counts, marks, total * part) for part in _QUARTERS)
    return Statistics(
        candidates=total,
        mean=round(float(mean), 2),
        deviation=round(sqrt(variance), 2),
        lowest=marks[0],
        lower_quartile=lower,
        median=median,
        upper_quartile=upper,
        highest=marks[-1],
    )


_QUARTERS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))


def _mark_of(counts: Mapping[int, int], marks: list[int], rank: Fraction) -> int:
    """The lowest mark that so many candidates reach or stay below."""
    below = 0
    for mark in marks:
        below += counts[mark]
        if below >= rank:
            return mark
    return marks[-1]
