"""Recording clerical errors over the HTTP of marks."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.marks.domain.marking import Mark
from shared.audit import AuditRow
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of, rows_of
from tests.unit.marks.builders import (
    CENTRE,
    OTHER_CENTRE,
    OUTCOMES,
    make_paper,
    make_sheet,
    make_submission,
)
from tests.unit.marks.sheets import ADMIN, get, history, line_of, pointers, read, sheet_path, submit

EVENT = "clerical_error.recorded.v1"
WHY = "Task 2 was copied wrongly: O'Neill-Ŵyn"


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", mark=Mark(tasks=(15, 20)))
    make_sheet(marks, paper, "0002", mark=Mark(tasks=(20, 20)))
    make_sheet(marks, paper, "0003", mark=Mark(tasks=(None, None), code="A"))
    make_submission(marks, paper)
    make_sheet(marks, paper, "0004", mark=Mark(tasks=(1, 1)))
    make_sheet(marks, paper, "0005", withdrawn=True)
    marks.allocate(CENTRE, paper)
    return paper


def record(marks: ServiceUnderTest, paper: str, body: object, as_: Any = MODERATOR) -> TestResponse:
    return marks.call("POST", sheet_path(paper, "clerical-errors"), as_, json=body)


def test_the_amended_mark_counts_and_the_original_stays(
    marks: ServiceUnderTest, paper: str
) -> None:
    cursor = read(marks, paper)["cursor"]
    answer = record(marks, paper, {"candidate_no": "0001", "tasks": [15, 30], "reason": WHY})
    assert answer.status_code == 201
    error = answer.json
    assert error is not None
    assert error == {
        "id": error["id"],
        "candidate_no": "0001",
        "original": {"tasks": [15, 20], "total": 35},
        "amended": {"tasks": [15, 30], "total": 45},
        "effective_total": 45,
        "at": error["at"],
        "by": MODERATOR.name,
        "reason": WHY,
        "acknowledged": None,
    }
    (line,) = read(marks, paper, changed_since=cursor)["candidates"]
    assert (line["tasks"], line["total"], line["effective_total"]) == ([15, 20], 35, 45)
    assert (line["version"], line["locked"]) == (1, True)
    assert line["clerical_error"] == {
        "tasks": [15, 30],
        "total": 45,
        "by": MODERATOR.name,
        "at": error["at"],
        "reason": WHY,
    }


def test_the_effective_mark_orders_the_sheet(marks: ServiceUnderTest, paper: str) -> None:
    def first() -> str:
        number: str = read(marks, paper, sort="mark")["candidates"][0]["candidate_no"]
        return number

    assert first() == "0002"
    record(marks, paper, {"candidate_no": "0001", "total": 45, "reason": WHY})
    assert first() == "0001"


def test_a_correction_of_the_total_alone_has_no_tasks(marks: ServiceUnderTest, paper: str) -> None:
    answer = record(marks, paper, {"candidate_no": "0001", "total": 0, "reason": WHY})
    assert answer.json is not None
    assert answer.json["amended"] == {"tasks": None, "total": 0}
    assert line_of(marks, paper, "0001")["effective_total"] == 0


def test_a_second_correction_stands_and_both_are_kept(marks: ServiceUnderTest, paper: str) -> None:
    record(marks, paper, {"candidate_no": "0001", "tasks": [15, 30], "reason": WHY})
    record(marks, paper, {"candidate_no": "0001", "total": 44, "reason": "Once more"})
    assert line_of(marks, paper, "0001")["clerical_error"]["reason"] == "Once more"
    found = get(marks, sheet_path(paper, "clerical-errors"))
    assert found["total"] == 2
    assert [error["amended"]["total"] for error in found["clerical_errors"]] == [45, 44]
    assert [error["original"]["total"] for error in found["clerical_errors"]] == [35, 35]
    first, second = history(marks, paper, "0001")
    assert (first["how"], first["why"], first["by"]) == ("clerical_error", WHY, MODERATOR.name)
    assert (first["from"]["tasks"], first["from"]["total"]) == ([15, 20], 35)
    assert (first["to"]["tasks"], first["to"]["total"]) == ([15, 30], 45)
    assert second["from"] == first["to"]
    assert (second["to"]["tasks"], second["to"]["total"]) == (None, 44)


@pytest.mark.parametrize(
    ("amended", "counting"), [({"tasks": [12, 20]}, [12, 20]), ({"total": 32}, None)]
)
def test_a_later_submission_tells_the_tasks_that_count(
    marks: ServiceUnderTest, paper: str, amended: dict[str, Any], counting: list[int] | None
) -> None:
    record(marks, paper, {"candidate_no": "0001", "reason": WHY, **amended})
    assert submit(marks, paper).status_code == 201
    told = marks.emitted("marks.submitted.v1")[-1].data["candidates"][0]
    assert (told["tasks"], told["total"]) == ([15, 20], 35)
    assert (told["effective_tasks"], told["effective_total"]) == (counting, 32)


def test_the_others_are_told_and_it_is_audited(marks: ServiceUnderTest, paper: str) -> None:
    body = {"candidate_no": "0001", "tasks": [15, 30], "reason": WHY}
    error = record(marks, paper, body).json
    assert error is not None
    (event,) = marks.emitted(EVENT)
    assert event.subject == f"{CENTRE}/{paper}"
    assert event.data == {
        "centre_no": CENTRE,
        "paper_id": paper,
        "candidate_no": "0001",
        "original": error["original"],
        "amended": error["amended"],
        "effective_total": 45,
        "recorded_by": MODERATOR.user_id,
        "recorded_at": error["at"],
    }
    with marks.transaction() as session:
        (row,) = rows_of(session, AuditRow)
        assert (row.action, row.why) == ("clerical_error.recorded", WHY)
        assert row.subject == f"{CENTRE}/{paper}/0001"
        assert (row.before["total"], row.after["total"]) == (35, 45)


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"candidate_no": "9999"}, ["/candidate_no"]),
        ({"candidate_no": "0005"}, ["/candidate_no"]),
        ({"candidate_no": None}, ["/candidate_no"]),
        ({"candidate_no": 1}, ["/candidate_no"]),
        ({"candidate_no": "\ud800"}, ["/candidate_no"]),
        ({"candidate_no": "0003"}, [""]),
        ({"total": 45}, ["/tasks", "/total"]),
        ({"tasks": None}, [""]),
        ({"tasks": [15]}, ["/tasks"]),
        ({"tasks": [15, None]}, ["/tasks/1"]),
        ({"tasks": [15, 41]}, ["/tasks/1"]),
        ({"tasks": [True, 15.0]}, ["/tasks/0", "/tasks/1"]),
        ({"tasks": None, "total": 81}, ["/total"]),
        ({"tasks": None, "total": -1}, ["/total"]),
        ({"tasks": None, "total": 10**40}, ["/total"]),
        ({"tasks": None, "total": True}, ["/total"]),
        ({"reason": " "}, ["/reason"]),
        ({"reason": None}, ["/reason"]),
        ({"reason": "x" * 1001}, ["/reason"]),
    ],
)
def test_what_cannot_be_a_correction_is_refused_and_nothing_is_changed(
    marks: ServiceUnderTest, paper: str, change: dict[str, object], at: list[str]
) -> None:
    before = read(marks, paper)
    body = {"candidate_no": "0001", "tasks": [15, 30], "reason": WHY} | change
    answer = record(marks, paper, body)
    assert (answer.status_code, pointers(answer)) == (422, at)
    assert read(marks, paper) == before
    assert marks.emitted(EVENT) == []


def test_an_outcome_has_no_clerical_error(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks, tasks=None, outcomes=OUTCOMES)
    make_sheet(marks, paper, "0001", mark=Mark(outcome="Merit"))
    make_submission(marks, paper)
    marks.allocate(CENTRE, paper)
    answer = record(marks, paper, {"candidate_no": "0001", "total": 3, "reason": WHY})
    assert (answer.status_code, pointers(answer)) == (422, ["/total"])


def test_a_late_candidate_not_submitted_yet_is_a_conflict(
    marks: ServiceUnderTest, paper: str
) -> None:
    answer = record(marks, paper, {"candidate_no": "0004", "total": 3, "reason": WHY})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("who", "status", "reading"),
    [
        (ADMIN, 403, 200),
        (BOARD, 403, 200),
        (admin_of(OTHER_CENTRE), 404, 404),
        (MODERATOR, 201, 200),
    ],
)
def test_who_may_record(
    marks: ServiceUnderTest, paper: str, who: Any, status: int, reading: int
) -> None:
    body = {"candidate_no": "0001", "total": 3, "reason": WHY}
    assert record(marks, paper, body, who).status_code == status
    assert marks.call("GET", sheet_path(paper, "clerical-errors"), who).status_code == reading


def test_before_the_submission_there_is_nothing_to_correct(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", mark=Mark(tasks=(1, 1)))
    marks.allocate(CENTRE, paper)
    body = {"candidate_no": "0001", "total": 3, "reason": WHY}
    assert record(marks, paper, body).status_code == 404


@pytest.mark.parametrize(
    ("same", "pointer"),
    [({"tasks": [15, 30]}, "/tasks"), ({"total": 45}, "/total")],
)
def test_a_correction_to_the_mark_that_stands_is_refused(
    marks: ServiceUnderTest, paper: str, same: dict[str, Any], pointer: str
) -> None:
    body = {"candidate_no": "0001", "reason": WHY}
    record(marks, paper, body | {"tasks": [15, 30]})
    answer = record(marks, paper, body | same)
    assert answer.status_code == 422
    assert pointers(answer) == [pointer]
    assert len(marks.emitted(EVENT)) == 1
