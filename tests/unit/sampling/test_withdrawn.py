"""Whoever was withdrawn after the submission has no work: not to be chosen, added or moderated."""

import pytest

from services.sampling.domain import Candidate
from tests.support.service import ServiceUnderTest
from tests.unit.sampling.builders import in_rank_order, marked
from tests.unit.sampling.events import (
    ADMIN,
    add,
    enter,
    know_paper,
    members,
    sample,
    submit,
)
from tests.unit.sampling.moderating import SAMPLE, complete, mark_all, read, slug


def test_no_mark_of_the_moderators_is_wanted(generated: ServiceUnderTest) -> None:
    gone, *others = SAMPLE
    mark_all(generated, 0, *others)
    assert read(generated)["missing"] == [gone]

    enter(generated, change="withdrawn", candidate_no=gone)

    found = read(generated)
    assert (found["missing"], found["advice"]) == ([], "accepted")
    assert found["candidates"][0] | {"candidate_no": gone, "total": None} == found["candidates"][0]
    assert members(sample(generated)) == SAMPLE
    assert complete(generated, "accepted").status_code == 201


def test_with_the_entry_the_mark_comes_back(generated: ServiceUnderTest) -> None:
    for change in ("withdrawn", "added"):
        enter(generated, change=change)
    assert read(generated)["candidates"][0]["total"] == 30


def test_nobody_adds_them(generated: ServiceUnderTest) -> None:
    enter(generated, change="withdrawn", candidate_no="0002")
    assert add(generated, ADMIN, candidate_nos=["0002"]).status_code == 422
    assert add(generated, ADMIN, candidate_nos=["0004"]).status_code == 201


def test_a_sample_that_waited_is_without_them(sampling: ServiceUnderTest) -> None:
    know_paper(sampling, "p", linked=["q"])
    know_paper(sampling, "q", linked=["p"])
    enter(sampling, "q")
    submit(sampling, in_rank_order(3), paper_id="p")
    enter(sampling, "p", change="withdrawn")

    submit(sampling, in_rank_order(1), paper_id="q")

    assert members(sample(sampling, "p")) == ["0002", "0003"]


@pytest.mark.parametrize(("sequence", "total"), [(8, 30), (10, None)])
def test_of_withdrawal_and_submission_the_later_counts(
    generated: ServiceUnderTest, sequence: int, total: int | None
) -> None:
    """A submission names nobody who is withdrawn: whoever it names was entered again before."""
    submit(generated, in_rank_order(30)[:1], "supplementary", sequence=9)
    enter(generated, change="withdrawn", sequence=sequence)
    assert read(generated)["candidates"][0]["total"] == total


OF_STAGE_2 = "0007"


def withdraw(service: ServiceUnderTest, *numbers: str) -> None:
    for number in numbers:
        enter(service, change="withdrawn", candidate_no=number)


@pytest.mark.parametrize("has_begun", [True, False])
def test_where_all_of_stage_1_are_withdrawn_the_rest_is_looked_at(
    generated: ServiceUnderTest, *, has_begun: bool
) -> None:
    of_stage_1 = [number for number in SAMPLE if number != OF_STAGE_2]
    if has_begun:
        mark_all(generated, 0, *of_stage_1)
    withdraw(generated, *of_stage_1)

    found = read(generated)
    assert (found["stage"], found["missing"], found["advice"]) == (1, [OF_STAGE_2], None)
    assert slug(complete(generated, "accepted")) == "incomplete"

    mark_all(generated, 0, OF_STAGE_2)
    assert read(generated)["advice"] == "accepted"
    assert complete(generated, "accepted").status_code == 201


def test_a_stage_1_that_was_chosen_again_stays(generated: ServiceUnderTest) -> None:
    gone = [number for number in SAMPLE if number != OF_STAGE_2]
    mark_all(generated, 0, *gone)
    withdraw(generated, *gone)
    mark_all(generated, 0, OF_STAGE_2)
    there = [one for one in marked(range(30, 18, -1)) if one.candidate_no not in gone]
    submit(generated, [*there, Candidate("0099", 12)], "supplementary")
    found = read(generated)["candidates"]
    assert "0099" in [one["candidate_no"] for one in found]
    assert [one["candidate_no"] for one in found if one["stage"] == 1] == [OF_STAGE_2]


def test_those_the_centre_added_are_looked_at_where_nobody_else_is_left(
    generated: ServiceUnderTest,
) -> None:
    add(generated, ADMIN, candidate_nos=["0002"])
    withdraw(generated, *SAMPLE)
    found = read(generated)
    assert (found["missing"], found["advice"]) == (["0002"], None)


def test_nothing_is_advised_where_nobody_is_left(generated: ServiceUnderTest) -> None:
    mark_all(generated)
    assert read(generated)["advice"] == "accepted"
    withdraw(generated, *SAMPLE)
    found = read(generated)
    assert (found["missing"], found["advice"]) == ([], None)
    assert complete(generated, "accepted").status_code == 201
