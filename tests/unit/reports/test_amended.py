"""Amendments and undone submissions, as the candidate details report shows them."""

from typing import Any

import pytest

from tests.support.service import MODERATOR, ServiceUnderTest, admin_of
from tests.unit.reports.builders import (
    CENTRE,
    DETAILS,
    PAPER,
    SHEET,
    acknowledged,
    amended,
    clerical_error,
    enter,
    entry,
    mark,
    reopened,
    sample,
    submission,
    submit,
)


def details(service: ServiceUnderTest) -> Any:
    answer = service.call("GET", DETAILS, admin_of(CENTRE))
    assert answer.status_code == 200
    return answer.json


def row(service: ServiceUnderTest) -> Any:
    return details(service)["rows"][0]


def test_an_amended_mark_is_the_centres(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"))
    submit(service, mark("0001", 15, 20))
    service.deliver("clerical_error.recorded.v1", SHEET, clerical_error("0001", 50, [25, 25]))
    assert row(service)["mark"] == 50
    service.deliver("marks.amended.v1", SHEET, amended("0001", 25, 26))
    line = row(service)
    told = (line["tasks"], line["mark"], line["original_mark"], line["amended"])
    assert told == ([25, 26], 51, 51, False)


@pytest.mark.parametrize("early", [False, True])
def test_a_correction_waits_until_the_centre_has_acknowledged_it(
    service: ServiceUnderTest, *, early: bool
) -> None:
    enter(service, entry("0001"))
    submit(service, mark("0001", 15, 20))
    assert row(service)["correction"] is None
    told = [
        ("clerical_error.recorded.v1", clerical_error("0001", 50)),
        ("clerical_error.acknowledged.v1", acknowledged("0001")),
    ]
    first, second = reversed(told) if early else told
    service.deliver(first[0], SHEET, first[1])
    assert row(service)["correction"] == (None if early else "recorded")
    service.deliver(second[0], SHEET, second[1])
    assert row(service)["correction"] == "acknowledged"


def test_an_older_submission_does_not_win_over_an_amendment(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"))
    service.deliver("marks.amended.v1", SHEET, amended("0001", 30, 31), sequence=9)
    service.deliver("marks.submitted.v1", SHEET, submission(mark("0001", 1, 2)), sequence=5)
    assert row(service)["mark"] == 61


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_what_became_of_an_amendment_is_told(service: ServiceUnderTest, decision: str) -> None:
    enter(service, entry("0001"))
    submit(service, mark("0001", 15, 20))
    assert row(service)["amendment"] is None
    said = amended("0001", 1, 1, decision=decision)
    service.deliver("amendment.decided.v1", SHEET, said)
    assert (row(service)["amendment"], row(service)["mark"]) == (decision, 35)


def test_an_undone_submission_has_no_mark_and_no_sample(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"))
    submit(service, mark("0001", 15, 20))
    service.deliver("sample.generated.v1", SHEET, sample(("0001", "system")))
    service.allocate(CENTRE, PAPER)
    assert service.call("GET", DETAILS, MODERATOR).status_code == 200
    service.deliver("submission.reopened.v1", SHEET, reopened(), sequence=50)
    told = details(service)
    assert (told["submitted_at"], told["rows"][0]["mark"]) == (None, None)
    assert told["rows"][0]["sample"] == "No"
    assert service.call("GET", DETAILS, MODERATOR).status_code == 404
    service.deliver("marks.submitted.v1", SHEET, submission(mark("0001", 3, 4)), sequence=51)
    assert row(service)["mark"] == 7
