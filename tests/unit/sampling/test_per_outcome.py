"""So many of each outcome, shortfalls filled from the others, at most so many together."""

from collections import Counter

import pytest

from services.sampling.domain import Candidate, choose, grow
from tests.unit.sampling.builders import PER_OUTCOME, number

GRADES = ("D", "M", "P")


def roll(given: str, *, start: int = 1) -> list[Candidate]:
    """One candidate for each letter, an outcome or `n` for not classified."""
    names = {"n": "Not classified"}
    return [
        Candidate(number(i), outcome=names.get(letter, letter))
        for i, letter in enumerate(given, start)
    ]


@pytest.mark.parametrize(
    ("outcomes", "given", "taken"),
    [
        ("DMP", {}, {}),
        ("DMP", {"P": 1}, {"P": 1}),
        ("DMP", {"D": 10, "M": 10, "P": 10}, {"D": 10, "M": 10, "P": 10}),
        ("DMP", {"D": 50, "M": 11, "P": 90}, {"D": 10, "M": 10, "P": 10}),
        ("DMP", {"D": 4, "M": 30, "P": 30}, {"D": 4, "M": 13, "P": 13}),
        ("DMP", {"D": 30, "M": 5, "P": 30}, {"D": 13, "M": 5, "P": 12}),
        ("DMP", {"P": 50}, {"P": 30}),
        ("DMP", {"D": 2, "M": 3, "P": 9}, {"D": 2, "M": 3, "P": 9}),
        ("DMP", {"M": 40, "n": 40}, {"M": 30}),
        ("DP", {"D": 50, "P": 50}, {"D": 10, "P": 10}),
        ("DP", {"D": 3, "P": 50}, {"D": 3, "P": 17}),
        ("DMPQ", {"D": 20, "M": 20, "P": 20, "Q": 20}, {"D": 8, "M": 8, "P": 7, "Q": 7}),
    ],
)
def test_how_many_of_each(outcomes: str, given: dict[str, int], taken: dict[str, int]) -> None:
    candidates = roll("".join(letter * count for letter, count in given.items()))
    outcome_of = {one.candidate_no: one.outcome for one in candidates}

    sample = choose(PER_OUTCOME, candidates, outcomes=outcomes)

    assert Counter(outcome_of[choice.candidate_no] for choice in sample) == taken


def test_the_lower_candidate_numbers_are_taken_with_their_reasons() -> None:
    sample = choose(PER_OUTCOME, roll("D" * 12 + "M" * 9 + "P" * 20), outcomes=GRADES)

    assert [choice.candidate_no for choice in sample] == [
        number(i) for i in (*range(1, 12), *range(13, 32))
    ]
    reasons = Counter((c.reason.code, *sorted(c.reason.values.items())) for c in sample)
    assert reasons == {
        ("outcome", ("each", 10), ("outcome", "D")): 10,
        ("shortfall", ("outcome", "D"), ("size", 30)): 1,
        ("outcome", ("each", 10), ("outcome", "M")): 9,
        ("outcome", ("each", 10), ("outcome", "P")): 10,
    }


def test_when_everybody_is_in_the_reason_says_so() -> None:
    sample = choose(PER_OUTCOME, roll("DMPPP"), outcomes=GRADES)

    assert {choice.reason.code for choice in sample} == {"all"}


@pytest.mark.parametrize(
    ("before", "late", "added"),
    [
        ("D" * 50, "", []),
        ("D" * 50, "D", []),
        ("DMP", "DP", [4, 5]),
        # A full sample takes one of an outcome that is the new highest or lowest …
        ("M" * 50, "PP", [51]),
        ("M" * 50, "DP", [51, 52]),
        ("D" * 50, "MP", [52]),
        # … but not one in between.
        ("D" * 50 + "P" * 50, "M", []),
        # Otherwise the outcome with the fewest goes first, up to the size.
        ("D" * 20 + "P" * 5, "PPPPPPPP", [26, 27, 28, 29, 30]),
    ],
)
def test_growth(before: str, late: str, added: list[int]) -> None:
    first = roll(before)
    chosen = [c.candidate_no for c in choose(PER_OUTCOME, first, outcomes=GRADES)]

    everybody = [*first, *roll(late, start=len(first) + 1)]
    more = grow(PER_OUTCOME, everybody, chosen, outcomes=GRADES)

    assert sorted(choice.candidate_no for choice in more) == [number(i) for i in added]
