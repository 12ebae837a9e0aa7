"""Amended marks and undone submissions, as sampling takes them."""

from typing import Any

import pytest

from services.sampling.domain import Candidate
from services.sampling.models import SubmittedCandidate
from shared.events.consumer import NotYetError
from tests.support.service import ServiceUnderTest
from tests.unit.sampling.builders import in_rank_order
from tests.unit.sampling.events import (
    ADDITIONS,
    ADMIN,
    CENTRE,
    NOTE,
    PAPER,
    add,
    correct,
    know_paper,
    members,
    sample,
    submission,
    submit,
)

SUBJECT = f"{CENTRE}/{PAPER}"
SHEET = {"centre_no": CENTRE, "paper_id": PAPER}


def amend(
    service: ServiceUnderTest, number: str, after: dict[str, Any] | None = None, **told: Any
) -> None:
    """To absent, unless `after` says to what."""
    before = {"tasks": [1], "code": None, "outcome": None, "total": 1, "initials": "AB"}
    after = after or before | {"tasks": [None], "total": None, "code": "A"}
    data = {"candidate_no": number, "request_id": "r", "before": before, "after": after}
    by = {"why": "Swapped", "amended_by": "board-1", "amended_at": "2031-05-02T12:00:00Z"}
    service.deliver("marks.amended.v1", SUBJECT, SHEET | data | by, **told)


def reopen(service: ServiceUnderTest, **told: Any) -> None:
    counts = {"submissions": 1, "candidates": 1}
    by = {"why": "Too early", "reopened_by": "b", "reopened_at": "2031-05-02T12:00:00Z"}
    data = SHEET | {"before": counts, "after": counts} | by
    service.deliver("submission.reopened.v1", SUBJECT, data, **told)


def test_an_amended_mark_counts_and_the_sample_stays(generated: ServiceUnderTest) -> None:
    before = sample(generated)
    number = members(before)[0]
    amend(generated, number)
    assert sample(generated) == before
    with generated.transaction() as session:
        row = session.get_one(SubmittedCandidate, (CENTRE, PAPER, number))
        assert (row.mark, row.code) == (None, "A")


def test_an_amendment_waits_for_its_submission(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    with pytest.raises(NotYetError):
        amend(sampling, "0001")


@pytest.mark.parametrize(
    ("told", "kept"),
    [({"effective_tasks": [12, 20]}, [12, 20]), ({"effective_tasks": None}, None), ({}, None)],
)
def test_a_later_submission_has_the_tasks_that_count(
    sampling: ServiceUnderTest, told: dict[str, Any], kept: list[int] | None
) -> None:
    know_paper(sampling)
    submit(sampling, [Candidate("0001", mark=35)])
    later = submission([Candidate("0001", mark=32)], "supplementary")
    later["candidates"][0] |= {"tasks": [15, 20], "total": 35, **told}
    sampling.deliver("marks.submitted.v1", SUBJECT, later)
    with sampling.transaction() as session:
        row = session.get_one(SubmittedCandidate, (CENTRE, PAPER, "0001"))
        assert (row.mark, row.tasks) == (32, kept)


def test_an_undone_submission_takes_its_sample_with_it(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    submit(sampling, in_rank_order(12))
    assert add(sampling, ADMIN, candidate_nos=["0002"], note=NOTE).status_code == 201, ADDITIONS
    reopen(sampling)
    assert sample(sampling)["state"] == "none"
    submit(sampling, in_rank_order(10))
    assert sample(sampling)["state"] == "generated"
    assert len(members(sample(sampling))) == 10


def test_what_was_undone_does_not_come_back(sampling: ServiceUnderTest) -> None:
    know_paper(sampling)
    reopen(sampling, sequence=9)
    submit(sampling, in_rank_order(3), sequence=8)
    correct(sampling, "0001", 5, sequence=7)
    assert sample(sampling)["state"] == "none"
