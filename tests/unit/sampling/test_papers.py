"""What a paper decides: its policy, and the papers it is linked to."""

import logging

import pytest

from services.sampling.domain import Candidate
from services.sampling.models import Paper
from shared.events.consumer import NotYetError
from tests.support.service import ServiceUnderTest, rows_of
from tests.unit.sampling.builders import in_rank_order, number
from tests.unit.sampling.events import (
    SUBMITTED_AT,
    enter,
    know_paper,
    members,
    sample,
    submit,
)

GENERATED = "sample.generated.v1"
EXTENDED = "sample.extended.v1"


def test_an_unknown_policy_is_logged_and_waited_for(
    sampling: ServiceUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        know_paper(sampling, sample_policy="of-nobody")
    assert "no such sampling policy" in caplog.text
    with pytest.raises(NotYetError, match="of-nobody"):
        submit(sampling, in_rank_order(5), sequence=1)

    know_paper(sampling, sample_policy="even-spread-2026")
    submit(sampling, in_rank_order(5), sequence=1)

    assert sample(sampling)["policy"] == "even-spread-2026"


def test_an_older_paper_does_not_come_back(sampling: ServiceUnderTest) -> None:
    newest = know_paper(sampling, sample_policy="even-spread-2026")
    old = newest.data | {"sample_policy": "wjec-rank-order"}
    sampling.deliver("paper.changed.v1", newest.subject, old, sequence=newest.sequence)
    submit(sampling, in_rank_order(5))

    assert sample(sampling)["policy"] == "even-spread-2026"


def test_the_policy_stays_that_of_the_first_submission(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    submit(sampling, in_rank_order(30))
    before = members(sample(sampling))
    know_paper(sampling, sample_policy="even-spread-2026")

    submit(sampling, in_rank_order(30), "supplementary")

    assert members(sample(sampling)) == before
    assert sample(sampling)["policy"] == "wjec-rank-order"


def test_by_outcome(sampling: ServiceUnderTest) -> None:
    outcomes = ["Distinction", "Merit", "Pass", "Not classified"]
    know_paper(sampling, tasks=None, outcomes=outcomes, sample_policy="per-outcome")
    given = [outcomes[i % 4] for i in range(80)]

    submit(sampling, [Candidate(number(i), outcome=one) for i, one in enumerate(given)])

    chosen = [given[int(candidate_no)] for candidate_no in members(sample(sampling))]
    assert {outcome: chosen.count(outcome) for outcome in outcomes} == {
        "Distinction": 10,
        "Merit": 10,
        "Pass": 10,
        "Not classified": 0,
    }


def test_both_wait_until_both_are_submitted(sampling: ServiceUnderTest) -> None:
    know_paper(sampling, "a", linked=["b"])
    know_paper(sampling, "b", linked=["a"])
    enter(sampling, "b")
    enter(sampling, "a", "68102")
    submit(sampling, in_rank_order(3), paper_id="a")
    submit(sampling, in_rank_order(3), paper_id="b", centre_no="68102")
    waiting = sample(sampling, "a")
    assert waiting == {
        "state": "waiting",
        "policy": "wjec-rank-order",
        "last_submitted_at": SUBMITTED_AT["first"],
        "candidates": [],
        "not_eligible": [],
        "notes": [],
    }
    assert sampling.emitted() == []

    submit(sampling, in_rank_order(2), paper_id="b")

    assert members(sample(sampling, "a")) == ["0001", "0002", "0003"]
    assert members(sample(sampling, "b")) == ["0001", "0002"]
    assert sample(sampling, "b", "68102")["state"] == "waiting"
    assert [event.subject for event in sampling.emitted(GENERATED)] == ["68101/a", "68101/b"]


def test_late_entries_while_waiting_count(sampling: ServiceUnderTest) -> None:
    know_paper(sampling, "a", linked=["b"])
    know_paper(sampling, "b")
    enter(sampling, "b")
    submit(sampling, in_rank_order(3), paper_id="a")
    submit(sampling, in_rank_order(4), "supplementary", paper_id="a")
    assert sample(sampling, "a")["state"] == "waiting"

    submit(sampling, in_rank_order(2), paper_id="b")

    assert len(members(sample(sampling, "a"))) == 4
    assert len(sampling.emitted(EXTENDED)) == 0


def test_a_link_taken_away_ends_the_wait(sampling: ServiceUnderTest) -> None:
    know_paper(sampling, "a", linked=["b"])
    enter(sampling, "b")
    submit(sampling, in_rank_order(3), paper_id="a")
    assert sample(sampling, "a")["state"] == "waiting"

    know_paper(sampling, "a")

    assert sample(sampling, "a")["state"] == "generated"


@pytest.mark.parametrize(
    "entered", [[], [("c", "68101")], [("b", "68102")]], ids=["none", "other paper", "other centre"]
)
def test_a_linked_paper_without_entries_is_not_waited_for(
    sampling: ServiceUnderTest, entered: list[tuple[str, str]]
) -> None:
    know_paper(sampling, "a", linked=["b"])
    for paper_id, centre_no in entered:
        enter(sampling, paper_id, centre_no)

    submit(sampling, in_rank_order(3), paper_id="a")

    assert sample(sampling, "a")["state"] == "generated"


@pytest.mark.parametrize("used", [False, True])
def test_a_paper_that_was_removed_is_known_no_more(
    sampling: ServiceUnderTest, *, used: bool
) -> None:
    known = know_paper(sampling)
    if used:
        enter(sampling)
    removed = known.data | {"removed": True}
    sampling.deliver("paper.changed.v1", known.subject, removed, sequence=9)
    sampling.deliver("paper.changed.v1", known.subject, known.data, sequence=8)
    with sampling.transaction() as session:
        assert len(rows_of(session, Paper)) == used
