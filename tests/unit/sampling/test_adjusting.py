"""The adjustment: next to numpy's regression, and what holds for every adjustment."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from services.sampling.domain.adjusting import Line, Pair, fit

MAXIMUM = 60
MARK = st.integers(0, MAXIMUM)
PAIRS = st.lists(st.builds(Pair, MARK, MARK), min_size=1, max_size=30)


def of(*marks: tuple[int, int]) -> list[Pair]:
    return [Pair(centre, moderator) for centre, moderator in marks]


PERFECT = of((10, 13), (20, 23), (30, 33), (60, 63))
TWO_POINTS = of((10, 8), (50, 40))


@given(PAIRS)
@example(TWO_POINTS)
@example(PERFECT)
def test_the_line_is_numpys(pairs: list[Pair]) -> None:
    assume(len({pair.centre for pair in pairs}) > 1)
    centre = np.array([pair.centre for pair in pairs], dtype=float)
    moderator = np.array([pair.moderator for pair in pairs], dtype=float)
    design = np.column_stack([centre, np.ones_like(centre)])

    (slope, intercept), *_rest = np.linalg.lstsq(design, moderator, rcond=None)

    line = fit(pairs)
    assert float(line.slope) == pytest.approx(slope, abs=1e-7)
    assert float(line.intercept) == pytest.approx(intercept, abs=1e-6)


@pytest.mark.parametrize(
    ("pairs", "slope", "intercept"),
    [
        ([], 1, 0),
        (of((20, 17)), 1, -3),
        (of((20, 17), (20, 20), (20, 14)), 1, -3),
        (of((20, 20), (20, 21)), 1, Fraction(1, 2)),
        (TWO_POINTS, Fraction(4, 5), 0),
        (PERFECT, 1, 3),
        (of((10, 30), (20, 20), (30, 10)), -1, 40),
        (of((10, 25), (20, 25), (30, 25)), 0, 25),
    ],
    ids=["nobody", "one", "all equal", "half", "two points", "perfect", "reversed", "level"],
)
def test_degenerate_samples(pairs: list[Pair], slope: Fraction, intercept: Fraction) -> None:
    assert fit(pairs) == Line(Fraction(slope), Fraction(intercept))


@given(PAIRS)
def test_the_order_is_kept_and_equal_marks_stay_equal(pairs: list[Pair]) -> None:
    line = fit(pairs)
    assume(line.keeps_order)

    adjusted = [line.adjusted(mark, MAXIMUM) for mark in range(MAXIMUM + 1)]

    assert adjusted == sorted(adjusted)
    assert adjusted[0] == 0
    assert all(type(mark) is int and 0 <= mark <= MAXIMUM for mark in adjusted)


@given(PAIRS, MARK)
def test_a_mark_is_the_lines_rounded_and_held_in_its_range(pairs: list[Pair], mark: int) -> None:
    line = fit(pairs)
    assume(mark)
    exact = line.slope * mark + line.intercept
    expected = floor(exact + Fraction(1, 2))
    assert line.adjusted(mark, MAXIMUM) == min(MAXIMUM, max(0, expected))


def test_a_line_that_reverses_is_known() -> None:
    assert not fit(of((10, 30), (30, 10))).keeps_order


@given(PAIRS)
def test_a_line_is_kept_exactly(pairs: list[Pair]) -> None:
    line = fit(pairs)
    assert Line.from_json(line.to_json()) == line
