"""Whoever was withdrawn, left out of a submission and entered again is there as before."""

from itertools import permutations
from typing import Any

import pytest

from tests.support.service import ServiceUnderTest
from tests.unit.sampling.builders import marked
from tests.unit.sampling.events import (
    ADMIN,
    add,
    correct,
    enter,
    know_paper,
    members,
    sample,
    submit,
)
from tests.unit.sampling.moderating import SAMPLE, complete, decide, mark_all, read

MARKED = marked(range(30, 18, -1))
LEFT_OUT = 12
DECIDED = "moderation.decided.v1"


def leave_out(service: ServiceUnderTest, number: str, **told: Any) -> None:
    """A supplementary submission while the candidate is withdrawn."""
    there = [one for one in MARKED if one.candidate_no != number]
    submit(service, there, "supplementary", **told)


def total_of(service: ServiceUnderTest, number: str) -> Any:
    (found,) = (one for one in read(service)["candidates"] if one["candidate_no"] == number)
    return found["total"]


def test_with_the_entry_the_mark_comes_back(generated: ServiceUnderTest) -> None:
    enter(generated, change="withdrawn")
    leave_out(generated, "0001")
    assert total_of(generated, "0001") is None
    enter(generated)
    assert total_of(generated, "0001") == 30
    assert "0001" in read(generated)["missing"]


def test_they_can_be_added_to_the_sample_again(generated: ServiceUnderTest) -> None:
    enter(generated, change="withdrawn", candidate_no="0002")
    leave_out(generated, "0002")
    assert add(generated, ADMIN, candidate_nos=["0002"]).status_code == 422
    enter(generated, candidate_no="0002")
    assert add(generated, ADMIN, candidate_nos=["0002"]).status_code == 201


def test_their_mark_may_be_corrected_then(generated: ServiceUnderTest) -> None:
    enter(generated, change="withdrawn")
    leave_out(generated, "0001")
    enter(generated)
    correct(generated, "0001", 27)
    assert total_of(generated, "0001") == 27


@pytest.mark.parametrize("last", ["withdrawn", "left out"])
def test_it_may_happen_over_and_over(generated: ServiceUnderTest, last: str) -> None:
    for _time in range(2):
        enter(generated, change="withdrawn")
        leave_out(generated, "0001")
        enter(generated)
    submit(generated, MARKED, "supplementary")
    assert total_of(generated, "0001") == 30
    enter(generated, change="withdrawn")
    if last == "left out":
        leave_out(generated, "0001")
    assert total_of(generated, "0001") is None


@pytest.mark.parametrize("order", list(permutations((LEFT_OUT - 1, LEFT_OUT, LEFT_OUT + 1))))
def test_whatever_the_order_that_it_is_heard_in(
    generated: ServiceUnderTest, order: tuple[int, ...]
) -> None:
    for sequence in order:
        if sequence == LEFT_OUT:
            leave_out(generated, "0001", sequence=sequence)
        else:
            change = "withdrawn" if sequence < LEFT_OUT else "added"
            enter(generated, change=change, sequence=sequence)
    assert total_of(generated, "0001") == 30


def test_while_they_are_left_out_no_sample_has_them(sampling: ServiceUnderTest) -> None:
    """Nor before the withdrawal is heard of."""
    know_paper(sampling, "p", linked=["q"])
    know_paper(sampling, "q", linked=["p"])
    enter(sampling, "q")
    three = MARKED[:3]
    submit(sampling, three, paper_id="p")
    submit(sampling, [three[0], three[2]], "supplementary", paper_id="p")

    submit(sampling, three, paper_id="q")

    assert members(sample(sampling, "p")) == ["0001", "0003"]


def test_what_was_approved_is_told_with_them_again(generated: ServiceUnderTest) -> None:
    mark_all(generated)
    complete(generated, "accepted")
    assert decide(generated).status_code == 201
    enter(generated, change="withdrawn", candidate_no="0002")
    leave_out(generated, "0002")
    enter(generated, candidate_no="0004")
    enter(generated, candidate_no="0002")

    told = [
        "0002" in {one["candidate_no"] for one in event.data["marks"]}
        for event in generated.emitted(DECIDED)
    ]
    assert told == [True, False, True]
    assert members(sample(generated)) == SAMPLE
