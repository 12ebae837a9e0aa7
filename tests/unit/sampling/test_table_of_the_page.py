"""The sample of a submission, next to a plain computation of the table of the domain page."""

from dataclasses import replace

import pytest

from services.sampling.domain import Candidate
from tests.support.service import ServiceUnderTest
from tests.unit.sampling.builders import number
from tests.unit.sampling.events import know_paper, members, sample, submit

NOBODY = [
    Candidate("", mark=0),
    Candidate("", code="A"),
    Candidate("", code="CF"),
    Candidate("", mark=0),
    Candidate("", code="A"),
]
SIZES = {10: 10, 19: 10, 29: 11, 59: 16, 99: 21, 199: 20, 250: 25}


def a_sheet(eligible: int) -> list[Candidate]:
    """So many with marks above zero, in no order and many equal; five who cannot be sampled."""
    sheet = [Candidate("", mark=7 * i * i % 83 or 83) for i in range(1, eligible + 1)]
    for place, one in enumerate(NOBODY):
        sheet.insert(3 * place, one)
    return [replace(one, candidate_no=number(2 * i)) for i, one in enumerate(sheet, 1)]


def ranks(n: int) -> set[int]:
    """The table's ranks of n candidates, from 1."""
    if n <= 10:
        return set(range(1, n + 1))
    for last, step in ((19, 2), (29, 3), (59, 4), (99, 5)):
        if n <= last:
            return {*range(1, n + 1, step), n}
    if n >= 200:
        return {1 + round(i * (n - 1) / 24) for i in range(25)}
    chosen = [*range(1, n + 1, 10)]
    # The lowest is in; where 20 are there already, the nearest makes way.
    chosen = [*chosen[:19], n] if len(chosen) == 20 else [*chosen, n]
    assert len(chosen) == 20, "this computation does not do extras"
    return set(chosen)


@pytest.mark.parametrize(("eligible", "size"), SIZES.items())
def test_the_members_are_those_of_the_table(
    sampling: ServiceUnderTest, eligible: int, size: int
) -> None:
    sheet = a_sheet(eligible)
    ranked = sorted(
        (one for one in sheet if one.mark), key=lambda c: (-(c.mark or 0), c.candidate_no)
    )
    know_paper(sampling)

    submit(sampling, sheet)

    generated = sample(sampling)
    expected = sorted(ranked[rank - 1].candidate_no for rank in ranks(eligible))
    assert members(generated) == expected
    assert len(expected) == size
    assert generated["state"] == "generated"
    assert {one["chosen_by"] for one in generated["candidates"]} == {"system"}
    assert all(one["reason"] for one in generated["candidates"])
