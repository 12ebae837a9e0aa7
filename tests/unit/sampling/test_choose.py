"""Who counts, how equals are settled, and what the flags of a policy change."""

from dataclasses import replace

import pytest

from services.sampling.domain import Candidate, ReasonCode, check_fits, choose
from shared.errors import UnprocessableError
from tests.unit.sampling.builders import (
    EVEN,
    PER_OUTCOME,
    WJEC,
    in_rank_order,
    marked,
    number,
    numbers,
)

WITH_ZEROS = replace(WJEC, include_zero=True)
EVEN_WITH_ZEROS = replace(EVEN, include_zero=True)
WITH_TEACHERS = replace(WJEC, cover_teachers=True)


@pytest.mark.parametrize(
    "out",
    [
        Candidate("9999", code="A"),
        Candidate("9999", code="C"),
        Candidate("9999", code="CF"),
        Candidate("9999", mark=50, code="CF"),
        Candidate("9999", mark=0),
        Candidate("9999"),
    ],
)
def test_who_is_not_eligible_is_out_and_not_counted_for_the_band(out: Candidate) -> None:
    assert choose(WJEC, [*in_rank_order(10), out]) == choose(WJEC, in_rank_order(10))


def test_nobody_eligible_gives_no_sample() -> None:
    assert choose(WJEC, [Candidate("0001", mark=0), Candidate("0002", code="A")]) == []


def test_equal_marks_stand_in_order_of_candidate_number() -> None:
    ranked = [*marked([50] * 6, start=6), *marked([50] * 5, start=1)]

    assert numbers(choose(WJEC, ranked)) == [1, 3, 5, 7, 9, 11]


def test_with_zeros_they_count_and_the_lowest_above_zero_is_still_in() -> None:
    sample = choose(WITH_ZEROS, marked([*range(20, 2, -1), 0, 0, 0]))

    # 21 count, so every 3rd; rank 18 is the lowest above zero.
    assert numbers(sample) == [1, 4, 7, 10, 13, 16, 18, 19]
    assert {c.candidate_no: c.reason.code for c in sample}["0018"] is ReasonCode.BOTTOM


def test_a_fixed_size_stays_when_the_lowest_above_zero_is_between_two_ranks() -> None:
    sample = numbers(choose(EVEN_WITH_ZEROS, marked([*range(30, 4, -1), *[0] * 3])))

    # Evenly: 1, 3, 5 … 29. The lowest above zero is at rank 26; 25 is the nearest.
    assert sample == [*range(1, 24, 2), 26, 27, 29]


def test_with_zeros_and_nothing_else_the_ranks_are_taken_alone() -> None:
    assert numbers(choose(WITH_ZEROS, marked([0] * 11))) == [1, 3, 5, 7, 9, 11]


def of_teachers(initials: dict[int, str]) -> list[Candidate]:
    """20 candidates in rank order, AB's but for those of `initials`."""
    return [
        replace(one, initials=initials.get(rank, "AB"))
        for rank, one in enumerate(in_rank_order(20), 1)
    ]


def test_every_teacher_is_represented_by_the_lowest_number_if_need_be() -> None:
    candidates = of_teachers({5: "CD", 6: "CD", 4: "EF", 3: "EF", 8: "", 18: "GH"})

    sample = choose(WITH_TEACHERS, candidates)

    assert numbers(sample) == [1, 4, 5, 7, 10, 13, 16, 18, 19, 20]
    teachers = {c.candidate_no: c.reason.values for c in sample if c.reason.code == "teacher"}
    assert teachers == {"0005": {"initials": "CD"}, "0018": {"initials": "GH"}}


def test_teachers_make_no_difference_without_the_flag() -> None:
    assert choose(WJEC, of_teachers({5: "CD"})) == choose(WJEC, in_rank_order(20))


OUTCOMES = ("Distinction", "Merit", "Pass", "Not classified")


def test_bands_rank_an_outcome_paper_by_outcome() -> None:
    candidates = [
        Candidate(number(i), outcome=outcome)
        for i, outcome in enumerate(["Pass"] * 8 + ["Not classified"] * 4 + ["Distinction"] * 4, 1)
    ]

    sample = choose(WJEC, candidates, outcomes=OUTCOMES)

    assert numbers(sample) == [13, 15, 1, 3, 5, 7, 8]
    assert sample[0].reason.code is ReasonCode.TOP_OUTCOME
    assert sample[-1].reason.code is ReasonCode.BOTTOM_OUTCOME


def test_a_paper_may_name_its_own_not_classified_outcome() -> None:
    candidates = [Candidate("0001", outcome="Pass"), Candidate("0002", outcome="U")]

    sample = choose(WJEC, candidates, outcomes=["Pass"], not_classified="U")

    assert numbers(sample) == [1]


def test_an_outcome_the_paper_does_not_have_is_refused() -> None:
    with pytest.raises(UnprocessableError, match="Credit is not an outcome of the paper"):
        choose(WJEC, [Candidate("0001", outcome="Credit")], outcomes=OUTCOMES)


def test_a_policy_by_outcome_is_refused_for_a_paper_by_mark() -> None:
    with pytest.raises(UnprocessableError) as caught:
        check_fits(PER_OUTCOME, [])

    assert caught.value.errors[0].pointer == "/sample_policy"
    with pytest.raises(UnprocessableError):
        choose(PER_OUTCOME, in_rank_order(3))


def test_every_other_pair_of_policy_and_paper_fits() -> None:
    check_fits(PER_OUTCOME, OUTCOMES)
    check_fits(WJEC, OUTCOMES)
    check_fits(WJEC, [])
