"""Even ranks, and those farthest from the chosen."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.domain.spacing import even_ranks, farthest_first, make_way
from tests.unit.sampling.builders import number


@pytest.mark.parametrize(
    ("ranked", "count", "ranks"),
    [
        (0, 5, []),
        (3, 5, [0, 1, 2]),
        (5, 5, [0, 1, 2, 3, 4]),
        (5, 1, [0]),
        (5, 2, [0, 4]),
        (5, 3, [0, 2, 4]),
        (2, 1, [0]),
        # 1.5 goes up, 2.5 goes down: to the even one.
        (4, 3, [0, 2, 3]),
        (6, 3, [0, 2, 5]),
    ],
)
def test_even_ranks(ranked: int, count: int, ranks: list[int]) -> None:
    assert even_ranks(ranked, count) == ranks


@given(st.integers(2, 3000), st.integers(2, 60))
def test_even_ranks_are_that_many_and_hold_both_ends(ranked: int, count: int) -> None:
    ranks = even_ranks(ranked, count)

    assert len(set(ranks)) == min(ranked, count)
    assert ranks == sorted(ranks)
    assert (ranks[0], ranks[-1]) == (0, ranked - 1)


@pytest.mark.parametrize(
    ("needed", "ranks"), [(11, [0, 11, 20]), (15, [0, 15, 20]), (19, [0, 10, 19]), (1, [0, 1, 20])]
)
def test_the_nearest_makes_way_but_never_the_top(needed: int, ranks: list[int]) -> None:
    assert make_way([0, 10, 20], needed) == ranks


def one_by_one(numbers: list[str], chosen: set[int]) -> list[int]:
    """The rule as the domain page says it, searched afresh for each."""
    added: list[int] = []
    while left := [rank for rank in range(len(numbers)) if rank not in {*chosen, *added}]:
        inside = {*chosen, *added}
        added.append(min(left, key=lambda r: (-min(abs(r - c) for c in inside), numbers[r])))
    return added


@given(st.data())
def test_farthest_first_is_the_rule_of_the_page(data: st.DataObject) -> None:
    numbers = data.draw(st.permutations([number(i) for i in range(data.draw(st.integers(1, 24)))]))
    chosen = data.draw(st.sets(st.integers(0, len(numbers) - 1), min_size=1))

    assert list(farthest_first(numbers, chosen)) == one_by_one(numbers, chosen)


def test_with_nobody_chosen_the_top_comes_first() -> None:
    assert list(farthest_first([number(i) for i in range(5)], ())) == [0, 4, 2, 1, 3]


def test_a_hundred_thousand_are_no_trouble() -> None:
    numbers = [f"{i:06}" for i in range(100_000)]

    assert list(islice(farthest_first(numbers, {0}), 2)) == [99_999, 49_999]
    assert sorted(farthest_first(numbers, {0, 99_999})) == list(range(1, 99_999))
