"""What the newest events say no more is shown no more: samples, outcomes, undone corrections."""

from typing import Any

import pytest

from shared import clock
from tests.support.service import ServiceUnderTest, admin_of
from tests.unit.reports.builders import (
    CENTRE,
    DETAILS,
    SHEET,
    Data,
    clerical_error,
    enter,
    entry,
    mark,
    reopened,
    sample,
    submission,
    submit,
)
from tests.unit.reports.test_moderated import RESULTS_DAY, decided

OLD, NEW = sample(("0001", "system")), sample(("0002", "system"))


def rows(service: ServiceUnderTest) -> list[Any]:
    answer = service.call("GET", DETAILS, admin_of(CENTRE))
    assert answer.status_code == 200
    listed: list[Any] = (answer.json or {})["rows"]
    return listed


def sampled(service: ServiceUnderTest) -> list[str]:
    return [row["sample"] for row in rows(service)]


@pytest.fixture
def two(service: ServiceUnderTest) -> ServiceUnderTest:
    enter(service, entry("0001"), entry("0002"))
    submit(service, mark("0001", 15, 20), mark("0002", 10, 10))
    return service


@pytest.mark.parametrize("told", [[(OLD, 3), (NEW, 4)], [(NEW, 4), (OLD, 3)]], ids=["old", "new"])
def test_whom_the_newest_sample_does_not_name_is_not_in_it(
    two: ServiceUnderTest, told: list[tuple[Data, int]]
) -> None:
    for what, sequence in told:
        two.deliver("sample.generated.v1", SHEET, what, sequence=sequence)
    assert sampled(two) == ["No", "Yes"]


def test_a_sample_that_comes_after_its_submission_was_undone_is_none(
    two: ServiceUnderTest,
) -> None:
    two.deliver("submission.reopened.v1", SHEET, reopened(), sequence=8)
    two.deliver("sample.generated.v1", SHEET, OLD, sequence=1)
    assert sampled(two) == ["No", "No"]
    again = submission(mark("0001", 15, 20), mark("0002", 10, 10))
    two.deliver("marks.submitted.v1", SHEET, again, sequence=9)
    two.deliver("sample.generated.v1", SHEET, NEW, sequence=2)
    assert sampled(two) == ["No", "Yes"]


def test_a_mark_that_moderation_is_about_no_more_has_no_outcome(
    two: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.deliver("moderation.decided.v1", SHEET, decided(31), sequence=3)
    monkeypatch.setattr(clock, "now", lambda: RESULTS_DAY)
    assert rows(two)[0]["moderated"] == 31
    two.deliver("moderation.decided.v1", SHEET, decided(31) | {"marks": []}, sequence=4)
    assert rows(two)[0]["moderated"] is None


def test_a_correction_of_marks_that_were_undone_is_not_shown(two: ServiceUnderTest) -> None:
    error = clerical_error("0001", 40, [20, 20])
    two.deliver("clerical_error.recorded.v1", SHEET, error)
    assert rows(two)[0]["tasks"] == [20, 20]
    two.deliver("submission.reopened.v1", SHEET, reopened())
    submit(two, mark("0001", 15, 25))
    told = rows(two)[0]
    assert (told["tasks"], told["mark"], told["amended"]) == ([15, 25], 40, False)
