"""What holds for every roll of candidates: ties, zeros, absences, carry forward, teachers."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.sampling.domain import Candidate, Policy, choose, grow
from tests.unit.sampling.builders import EVEN, WJEC, number

BY_RANK = [
    replace(policy, include_zero=zero, cover_teachers=teachers)
    for policy in (WJEC, EVEN)
    for zero in (False, True)
    for teachers in (False, True)
]
GROUP = st.tuples(
    st.integers(1, 100),  # how many
    st.integers(0, 60),  # the first one's mark
    st.integers(0, 7),  # from one to the next
    st.sampled_from([None, None, None, None, "A", "CF"]),
    st.sampled_from(["", "AB", "CD", "EF"]),
)
Group = tuple[int, int, int, str | None, str]


def roll(groups: Iterable[Group]) -> list[Candidate]:
    templates = (
        (None if code else (mark + i * step) % 61, code, initials)
        for many, mark, step, code, initials in groups
        for i in range(many)
    )
    return [
        Candidate(number(i), mark=mark, code=code, initials=initials)
        for i, (mark, code, initials) in enumerate(templates, 1)
    ]


ROLLS = st.lists(GROUP, max_size=20).map(roll)


def eligible(policy: Policy, candidates: list[Candidate]) -> list[Candidate]:
    least = 0 if policy.include_zero else 1
    return [one for one in candidates if one.mark is not None and one.mark >= least]


def wjec_size(count: int) -> int:
    if count >= 200:
        return 25
    if count >= 100:
        return 20
    step = next(s for last, s in ((10, 1), (19, 2), (29, 3), (59, 4), (99, 5)) if count <= last)
    return len({*range(0, count, step), *range(count)[-1:]})


def even_size(count: int) -> int:
    limit = 15 if count <= 100 else 20 if count <= 200 else 25
    return min(count, limit)


def size(policy: Policy, count: int) -> int:
    return wjec_size(count) if policy.name == WJEC.name else even_size(count)


def of(candidates: list[Candidate], chosen: Iterable[str]) -> list[Candidate]:
    by_number = {one.candidate_no: one for one in candidates}
    return [by_number[candidate_no] for candidate_no in chosen]


def ends_are_in(everybody: list[Candidate], sample: list[Candidate]) -> bool:
    """The highest and the lowest mark above zero have somebody in the sample."""
    above_zero = {one.mark for one in everybody if one.mark}
    sampled = {one.mark for one in sample if one.mark}
    return not above_zero or {min(above_zero), max(above_zero)} <= sampled


def first(policy: Policy, candidates: list[Candidate]) -> list[str]:
    return [choice.candidate_no for choice in choose(policy, candidates)]


@given(st.sampled_from([WJEC, EVEN]), ROLLS)
def test_the_size_is_the_tables(policy: Policy, candidates: list[Candidate]) -> None:
    count = len(eligible(policy, candidates))

    assert len(choose(policy, candidates)) == size(policy, count)


@given(st.sampled_from(BY_RANK), ROLLS)
def test_who_is_in(policy: Policy, candidates: list[Candidate]) -> None:
    everybody = eligible(policy, candidates)
    sample = of(everybody, first(policy, candidates))

    assert len({one.candidate_no for one in sample}) == len(sample)
    assert ends_are_in(everybody, sample)
    if policy.cover_teachers:
        assert {one.initials for one in everybody} - {""} <= {one.initials for one in sample}


@given(st.sampled_from(BY_RANK), ROLLS, st.randoms(use_true_random=False))
def test_the_order_of_the_roll_makes_no_difference(
    policy: Policy, candidates: list[Candidate], random: Random
) -> None:
    shuffled = random.sample(candidates, len(candidates))
    chosen = first(policy, candidates)[::3]

    assert choose(policy, shuffled) == choose(policy, candidates)
    assert grow(policy, shuffled, chosen) == grow(policy, candidates, chosen)


@given(st.sampled_from(BY_RANK), ROLLS)
def test_nothing_new_adds_nobody(policy: Policy, candidates: list[Candidate]) -> None:
    assert grow(policy, candidates, first(policy, candidates)) == []


@given(st.sampled_from(BY_RANK), ROLLS, st.randoms(use_true_random=False))
def test_late_entries(policy: Policy, candidates: list[Candidate], random: Random) -> None:
    before = random.sample(candidates, random.randint(0, len(candidates)))
    chosen = first(policy, before)

    added = [choice.candidate_no for choice in grow(policy, candidates, chosen)]

    everybody = eligible(policy, candidates)
    sample = of(everybody, [*chosen, *added])
    assert not set(added) & set(chosen)
    assert ends_are_in(everybody, sample)
    assert len(sample) >= len(first(replace(policy, cover_teachers=False), candidates))
    if policy.cover_teachers:
        assert {one.initials for one in everybody} - {""} <= {one.initials for one in sample}
    assert grow(policy, candidates, [*chosen, *added]) == []
