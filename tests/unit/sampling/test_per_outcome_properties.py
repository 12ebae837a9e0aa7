"""What holds for every roll of a paper assessed by outcome, and its sizes at the boundaries."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.domain import Candidate, choose, grow
from tests.unit.sampling.builders import PER_OUTCOME, number, numbers

OUTCOMES = ["Distinction", "Merit", "Pass"]
ALL = [*OUTCOMES, "Not classified"]
GIVEN = st.sampled_from([*ALL, "A", "CF"])
# How many, and what each of them was given in turn: up to 2,000 candidates.
GROUPS = st.lists(st.tuples(st.integers(1, 200), st.lists(GIVEN, min_size=1)), max_size=10)


def roll(groups: list[tuple[int, list[str]]]) -> list[Candidate]:
    given = [one[i % len(one)] for many, one in groups for i in range(many)]
    return [
        Candidate(number(i), code=one) if one in {"A", "CF"} else Candidate(number(i), outcome=one)
        for i, one in enumerate(given, 1)
    ]


def first(candidates: list[Candidate]) -> list[str]:
    return [choice.candidate_no for choice in choose(PER_OUTCOME, candidates, outcomes=ALL)]


@given(GROUPS.map(roll))
def test_who_is_in(candidates: list[Candidate]) -> None:
    eligible = {one.candidate_no: one.outcome for one in candidates if one.outcome in OUTCOMES}
    chosen = first(candidates)
    assert len(set(chosen)) == len(chosen) == min(30, len(eligible))
    there, sampled = Counter(eligible.values()), Counter(eligible[one] for one in chosen)
    assert all(sampled[one] >= min(10, there[one]) for one in OUTCOMES)


@given(GROUPS.map(roll), st.randoms(use_true_random=False))
def test_late_entries_let_nobody_leave(candidates: list[Candidate], random: Random) -> None:
    before = random.sample(candidates, random.randint(0, len(candidates)))
    chosen = first(before)
    added = [choice.candidate_no for choice in grow(PER_OUTCOME, candidates, chosen, outcomes=ALL)]
    assert not set(added) & set(chosen)
    assert len(chosen) + len(added) >= len(first(candidates))
    assert grow(PER_OUTCOME, candidates, [*chosen, *added], outcomes=ALL) == []
    shuffled = random.sample(candidates, len(candidates))
    assert first(shuffled) == first(candidates)


@pytest.mark.parametrize(
    ("count", "by_outcome"),
    [
        (10, (4, 3, 3)),
        (11, (4, 4, 3)),
        (15, (5, 5, 5)),
        (16, (6, 5, 5)),
        (19, (7, 6, 6)),
        (20, (7, 7, 6)),
        (29, (10, 10, 9)),
        *((count, (10, 10, 10)) for count in (30, 59, 60, 99, 100, 101, 199, 200, 201)),
    ],
)
def test_sizes_at_the_boundaries(count: int, by_outcome: tuple[int, ...]) -> None:
    candidates = [Candidate(number(i), outcome=OUTCOMES[i % 3]) for i in range(count)]
    chosen = numbers(choose(PER_OUTCOME, candidates, outcomes=ALL))
    assert tuple(Counter(i % 3 for i in chosen)[height] for height in range(3)) == by_outcome
