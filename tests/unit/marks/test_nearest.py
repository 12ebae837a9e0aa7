"""Who may stand in for a candidate of the sample."""

from typing import Any

import pytest

from services.marks.domain.marking import Mark
from tests.support.service import ServiceUnderTest, admin_of
from tests.unit.marks.builders import (
    CENTRE,
    OUTCOMES,
    get,
    make_paper,
    make_sheet,
    make_submission,
)

ADMIN = admin_of(CENTRE)


def nearest(marks: ServiceUnderTest, paper_id: str, number: str) -> list[tuple[str, str]]:
    path = f"/api/marks/centres/{CENTRE}/papers/{paper_id}/candidates/{number}/nearest"
    return [(one["candidate_no"], one["side"]) for one in get(marks, path, ADMIN)["candidates"]]


def marked(*tasks: int) -> Mark:
    return Mark(tasks, None, None, "")


@pytest.fixture
def paper_id(marks: ServiceUnderTest) -> str:
    """1001 has 50 and was withdrawn from the sample."""
    made = make_paper(marks)
    gone: dict[str, Any] = {"withdrawn": True, "sample_chosen_by": "system"}
    make_sheet(marks, made, "1001", mark=marked(25, 25), **gone)
    return made


def test_the_nearest_above_and_below_the_nearer_first(
    marks: ServiceUnderTest, paper_id: str
) -> None:
    for number, total in (("1002", 55), ("1003", 58), ("1004", 48), ("1005", 20)):
        make_sheet(marks, paper_id, number, mark=marked(total - 10, 10))
    make_submission(marks, paper_id)
    assert nearest(marks, paper_id, "1001") == [("1004", "lower"), ("1002", "higher")]


OUT: list[tuple[Mark, dict[str, Any]]] = [
    (marked(25, 25), {"sample_chosen_by": "system"}),
    (marked(25, 25), {"withdrawn": True}),
    (Mark(None, "A", None, ""), {}),
    (marked(0, 0), {}),
]


@pytest.mark.parametrize(("mark", "changes"), OUT)
def test_who_cannot_be_sampled_is_not_offered(
    marks: ServiceUnderTest, paper_id: str, mark: Mark, changes: dict[str, Any]
) -> None:
    make_sheet(marks, paper_id, "1002", mark=mark, **changes)
    make_submission(marks, paper_id)
    assert nearest(marks, paper_id, "1001") == []


def test_late_entries_are_not_offered_before_they_are_submitted(
    marks: ServiceUnderTest, paper_id: str
) -> None:
    make_submission(marks, paper_id)
    make_sheet(marks, paper_id, "1002", mark=marked(25, 25))
    assert nearest(marks, paper_id, "1001") == []


def test_among_outcomes_those_never_sampled_are_left_out(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks, tasks=None, outcomes=OUTCOMES)
    for number, outcome in (("1001", "Pass"), ("1002", "Merit"), ("1003", "Not classified")):
        make_sheet(marks, paper_id, number, mark=Mark(None, None, outcome, ""))
    make_submission(marks, paper_id)
    assert nearest(marks, paper_id, "1001") == [("1002", "higher")]


def test_without_the_candidate_there_is_nothing(marks: ServiceUnderTest, paper_id: str) -> None:
    path = f"/api/marks/centres/{CENTRE}/papers/{paper_id}/candidates/9999/nearest"
    assert marks.call("GET", path, ADMIN).status_code == 404
