"""The benchmark of ranking and sampling, with few candidates."""

from tests.bench.ranking import POLICIES, rows


def test_each_policy_for_marks_is_measured_beside_a_sort() -> None:
    measured = list(rows(500))
    assert [row.what for row in measured] == [
        f"500 candidates ranked and sampled, {name}" for name in POLICIES
    ]
    assert all(row.ratio and row.goal == "≤ 4" for row in measured)
