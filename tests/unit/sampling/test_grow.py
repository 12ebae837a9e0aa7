"""A sample after late entries: everybody stays, and only who is needed comes in."""

from dataclasses import replace

import pytest

from services.sampling.domain import Candidate, Policy, choose, describe, grow
from tests.unit.sampling.builders import EVEN, WJEC, in_rank_order, marked, number, numbers


def chosen_of(candidates: list[Candidate]) -> list[str]:
    return [choice.candidate_no for choice in choose(WJEC, candidates)]


def spaced(count: int) -> list[Candidate]:
    """In rank order with room for late marks between: 0001 has the highest mark, the last 10."""
    return marked(range(10 * count, 0, -10))


@pytest.mark.parametrize("count", [0, 1, 10, 11, 19, 20, 29, 30, 59, 60, 99, 100, 199, 200, 250])
@pytest.mark.parametrize("policy", [WJEC, EVEN], ids=["wjec", "even"])
def test_nothing_new_adds_nobody(policy: Policy, count: int) -> None:
    candidates = in_rank_order(count)
    chosen = [choice.candidate_no for choice in choose(policy, candidates)]

    assert grow(policy, candidates, chosen) == []


@pytest.mark.parametrize(
    ("before", "late", "added"),
    [
        # Everybody while the band takes everybody.
        (0, [5], {"9001": "all candidates whose work can be sampled are in it"}),
        (9, [45], {"9001": "all candidates whose work can be sampled are in it"}),
        # 11 need 6, and 10 are in already.
        (10, [45], {}),
        # A new highest and a new lowest, however large the sample is.
        (10, [999, 5], {"9001": "highest mark", "9002": "lowest mark above zero"}),
        (29, [999], {"9001": "highest mark"}),
        # The same mark as the highest or lowest is nothing new.
        (29, [290, 10], {}),
        # 20, 21 and 22 take 8, 23 take 9.
        (20, [45], {}),
        (20, [45, 45], {}),
        # Ranks 16 and 22 of the 23 are in; 19, half way, is the second of the 45s.
        (20, [45, 45, 46], {"9002": "extra to make 9"}),
        # Not eligible, so nothing new.
        (10, [0], {}),
    ],
)
def test_growth(before: int, late: list[int], added: dict[str, str]) -> None:
    first = spaced(before)

    more = grow(WJEC, [*first, *marked(late, start=9001)], chosen_of(first))

    assert {choice.candidate_no: describe(choice.reason) for choice in more} == added


def test_extras_are_the_farthest_in_rank_first() -> None:
    candidates = in_rank_order(29)

    # 11 are needed: half way 15, then 8 and 22, then 4, 11, 18, 25, then 6 and 13.
    more = grow(WJEC, candidates, ["0001", "0029"])

    assert numbers(more) == [4, 6, 8, 11, 13, 15, 18, 22, 25]


def test_a_larger_band_fills_up_between_the_chosen() -> None:
    first = in_rank_order(100)
    chosen = [choice.candidate_no for choice in choose(EVEN, first)]
    late = Candidate("9001", mark=50)

    more = grow(EVEN, [*first, late], chosen)

    assert len(more) == 5
    assert {choice.reason.values["size"] for choice in more} == {20}


@pytest.mark.parametrize("gone", [[], [Candidate("0002", code="A")]])
def test_who_is_no_longer_eligible_stays_and_is_replaced(gone: list[Candidate]) -> None:
    first = in_rank_order(10)
    now = [one for one in first if one.candidate_no != "0002"] + gone
    late = Candidate("9001", mark=5)

    more = grow(WJEC, [*now, late], chosen_of(first))

    # Ten are eligible again, so all of them are in; 0002 is not named again.
    assert [choice.candidate_no for choice in more] == ["9001"]


def test_a_sample_of_which_nobody_is_left_starts_again() -> None:
    more = grow(WJEC, in_rank_order(20), ["8001", "8002"])

    assert len(more) == 8
    assert {number(1), number(20)} <= {choice.candidate_no for choice in more}


def test_a_new_teacher_is_covered_when_the_policy_says_so() -> None:
    first = [replace(one, initials="AB") for one in spaced(20)]
    late = [Candidate("9002", mark=45, initials="CD"), Candidate("9001", mark=35, initials="CD")]

    covering = grow(replace(WJEC, cover_teachers=True), [*first, *late], chosen_of(first))

    assert [choice.candidate_no for choice in covering] == ["9001"]
    assert covering[0].reason.values == {"initials": "CD"}
    assert grow(WJEC, [*first, *late], chosen_of(first)) == []
