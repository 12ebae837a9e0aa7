"""The centre's word on clerical errors, over the HTTP of marks."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.marks.domain.marking import Mark
from services.marks.present import acknowledgements
from shared.audit import AuditRow
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of, rows_of, teacher_of
from tests.unit.marks.builders import CENTRE, OTHER_CENTRE, make_paper, make_sheet, make_submission
from tests.unit.marks.sheets import ADMIN, get, pointers, sheet_path

EVENT = "clerical_error.acknowledged.v1"


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks)
    for number in ("0001", "0002"):
        make_sheet(marks, paper, number, mark=Mark(tasks=(15, 20)))
    make_submission(marks, paper)
    marks.allocate(CENTRE, paper)
    return paper


def record(marks: ServiceUnderTest, paper: str, candidate_no: str) -> str:
    body = {"candidate_no": candidate_no, "tasks": [15, 30], "reason": "Copied wrongly"}
    answer = marks.call("POST", sheet_path(paper, "clerical-errors"), MODERATOR, json=body)
    assert answer.status_code == 201
    recorded: str = (answer.json or {})["id"]
    return recorded


def acknowledge(
    marks: ServiceUnderTest, paper: str, *ids: object, as_: Any = ADMIN
) -> TestResponse:
    path = sheet_path(paper, "clerical-errors/acknowledgement")
    return marks.call("POST", path, as_, json={"ids": ids})


def acknowledged(marks: ServiceUnderTest, paper: str) -> list[bool]:
    listed = get(marks, sheet_path(paper, "clerical-errors"))["clerical_errors"]
    return [one["acknowledged"] is not None for one in listed]


def test_what_is_named_is_acknowledged_and_no_other(marks: ServiceUnderTest, paper: str) -> None:
    first, _second = record(marks, paper, "0001"), record(marks, paper, "0002")
    answer = acknowledge(marks, paper, first)
    assert answer.status_code == 201
    (one, other) = (answer.json or {})["clerical_errors"]
    assert one["acknowledged"] == {"by": ADMIN.name, "at": one["acknowledged"]["at"]}
    assert other["acknowledged"] is None
    assert acknowledged(marks, paper) == [True, False]


def test_the_others_are_told_and_it_is_audited(marks: ServiceUnderTest, paper: str) -> None:
    first = record(marks, paper, "0001")
    (one,) = (acknowledge(marks, paper, first).json or {})["clerical_errors"]
    (event,) = marks.emitted(EVENT)
    assert event.subject == f"{CENTRE}/{paper}"
    assert event.data == {
        "centre_no": CENTRE,
        "paper_id": paper,
        "candidate_no": "0001",
        "clerical_error_id": first,
        "original": {"tasks": [15, 20], "total": 35},
        "amended": {"tasks": [15, 30], "total": 45},
        "recorded_at": one["at"],
        "acknowledged_by": ADMIN.user_id,
        "acknowledged_at": one["acknowledged"]["at"],
    }
    with marks.transaction() as session:
        assert list(acknowledgements(session)) == [(event.subject, event.data)]
        (*_before, row) = rows_of(session, AuditRow)
        assert (row.action, row.subject) == ("clerical_error.acknowledged", f"{event.subject}/0001")


def test_what_is_acknowledged_in_one_act_is_so_at_one_instant(
    marks: ServiceUnderTest, paper: str
) -> None:
    acknowledge(marks, paper, record(marks, paper, "0001"), record(marks, paper, "0002"))
    first, second = marks.emitted(EVENT)
    assert first.data["acknowledged_at"] == second.data["acknowledged_at"]


def test_a_second_time_changes_nothing(marks: ServiceUnderTest, paper: str) -> None:
    first = record(marks, paper, "0001")
    before = acknowledge(marks, paper, first).json
    again = acknowledge(marks, paper, first, first, as_=teacher_of(CENTRE))
    assert (again.status_code, again.json) == (200, before)
    assert len(marks.emitted(EVENT)) == 1


@pytest.mark.parametrize(
    ("ids", "at"),
    [
        (["none"], ["/ids/0"]),
        ([], ["/ids"]),
        ([1], ["/ids/0"]),
        (["\0"], ["/ids/0"]),
        (["\ud800"], ["/ids/0"]),
    ],
)
def test_what_is_no_clerical_error_is_refused(
    marks: ServiceUnderTest, paper: str, ids: list[object], at: list[str]
) -> None:
    record(marks, paper, "0001")
    answer = acknowledge(marks, paper, *ids)
    assert (answer.status_code, pointers(answer)) == (422, at)
    assert acknowledged(marks, paper) == [False]


def test_nothing_is_acknowledged_where_one_is_refused(marks: ServiceUnderTest, paper: str) -> None:
    answer = acknowledge(marks, paper, record(marks, paper, "0001"), "of-another-sheet")
    assert (answer.status_code, pointers(answer)) == (422, ["/ids/1"])
    assert acknowledged(marks, paper) == [False]
    assert marks.emitted(EVENT) == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (teacher_of(CENTRE), 201),
        (MODERATOR, 403),
        (BOARD, 403),
        (teacher_of(CENTRE, iamis=False), 403),
        (admin_of(OTHER_CENTRE), 404),
    ],
)
def test_only_the_centre_may(marks: ServiceUnderTest, paper: str, who: Any, status: int) -> None:
    assert acknowledge(marks, paper, record(marks, paper, "0001"), as_=who).status_code == status
