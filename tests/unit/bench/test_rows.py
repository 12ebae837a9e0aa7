"""The table of the benchmark: what holds, what is missed, and what has no goal."""

import pytest

from tests.bench.rows import Row, as_markdown, at_least, at_most, percentile


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (Row("w", "1", "2", 0.5, "≥ 0.5", at_least(0.5)), "holds"),
        (Row("w", "1", "2", 0.49, "≥ 0.5", at_least(0.5)), "missed"),
        (Row("w", "1", "2", 1.3, "≤ 1.3", at_most(1.3)), "holds"),
        (Row("w", "1", "2", 1.31, "≤ 1.3", at_most(1.3)), "missed"),
        (Row("w", "1", "2", 9.0), "no goal"),
        (Row("w", "1"), "no goal"),
    ],
)
def test_a_row_is_judged_by_its_ratio(row: Row, verdict: str) -> None:
    assert row.verdict == verdict
    assert row.cells()[-1] == verdict


def test_the_table_says_its_verdicts_last() -> None:
    table = as_markdown([Row("a mark", "10/s", "20/s", 0.5, "≥ 0.5", at_least(0.5))]).splitlines()
    assert table[0].endswith("| verdict |")
    assert table[2] == "| a mark | 10/s | 20/s | 0.50 | ≥ 0.5 | holds |"


def test_the_spread_of_the_rounds_is_told_with_the_ratio() -> None:
    row = Row("a mark", "10/s", "20/s", 0.5, "≥ 0.5", at_least(0.5), [0.52, 0.47, 0.51])
    assert row.cells()[3] == "0.50 (0.47 to 0.52)"
    assert row.verdict == "holds"


def test_a_percentile_is_in_milliseconds() -> None:
    assert percentile([0.001] * 200 + [0.5], 50) == pytest.approx(1.0)
    assert percentile([n / 1000 for n in range(1, 101)], 99) == pytest.approx(100, abs=1)
