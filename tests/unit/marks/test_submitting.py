"""Submitting a marksheet: once, whole, and told to the others."""

from typing import Any

import pytest

from services.marks.domain.marking import Mark
from services.marks.models import Submission
from shared.audit import AuditRow
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of, rows_of, teacher_of
from tests.unit.marks.builders import CENTRE, OTHER_CENTRE, OUTCOMES, make_paper, make_sheet
from tests.unit.marks.sheets import (
    ADMIN,
    DECLARED,
    get,
    line_of,
    pointers,
    put,
    read,
    sheet_path,
    submit,
)

DONE = Mark(tasks=(15, 20), initials="AB")
EVENT = "marks.submitted.v1"


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks, initials_required=True)
    make_sheet(marks, paper, "0001", mark=DONE)
    make_sheet(marks, paper, "0002", mark=Mark(tasks=(None, None), code="A"))
    make_sheet(marks, paper, "0003", withdrawn=True)
    make_sheet(marks, paper, "0001", centre_no=OTHER_CENTRE)
    return paper


def readiness(marks: ServiceUnderTest, paper: str) -> Any:
    return get(marks, sheet_path(paper, "submission"))


def test_a_submission_locks_every_mark_and_gives_a_receipt(
    marks: ServiceUnderTest, paper: str
) -> None:
    answer = submit(marks, paper)
    assert answer.status_code == 201
    receipt = answer.json
    assert receipt is not None
    assert (
        receipt
        | {
            "kind": "first",
            "number": 1,
            "submitted_by": ADMIN.name,
            "candidates": 2,
            "centre_no": CENTRE,
            "paper_id": paper,
        }
        == receipt
    )
    assert receipt["id"]
    assert receipt["submitted_at"].endswith("+00:00")
    sheet = read(marks, paper, changed_since=0)
    assert [line["locked"] for line in sheet["candidates"]] == [True, True]
    assert [line["submission"] for line in sheet["candidates"]] == [1, 1]
    assert sheet["paper"]["state"] == "submitted"
    assert put(marks, paper, "0001", {"tasks": [1, 1]}).status_code == 409


def test_a_submission_tells_every_mark_to_the_others(marks: ServiceUnderTest, paper: str) -> None:
    receipt = submit(marks, paper).json
    assert receipt is not None
    (event,) = marks.emitted(EVENT)
    assert event.subject == f"{CENTRE}/{paper}"
    assert event.data == {
        "centre_no": CENTRE,
        "paper_id": paper,
        "kind": "first",
        "submitted_at": receipt["submitted_at"],
        "submitted_by": ADMIN.user_id,
        "candidates": [
            {
                "candidate_no": "0001",
                "tasks": [15, 20],
                "total": 35,
                "effective_tasks": [15, 20],
                "effective_total": 35,
                "code": None,
                "outcome": None,
                "initials": "AB",
            },
            {
                "candidate_no": "0002",
                "tasks": [None, None],
                "total": None,
                "effective_tasks": [None, None],
                "effective_total": None,
                "code": "A",
                "outcome": None,
                "initials": "",
            },
        ],
    }


def test_a_submission_is_kept_with_its_declarations_and_audited(
    marks: ServiceUnderTest, paper: str
) -> None:
    receipt = submit(marks, paper).json
    with marks.transaction() as session:
        (kept,) = rows_of(session, Submission)
        (audited,) = rows_of(session, AuditRow)
        assert kept.declarations == DECLARED["declarations"]
        assert kept.by_id == ADMIN.user_id
        assert (audited.action, audited.subject) == ("marks.submitted", f"{CENTRE}/{paper}")
        assert (audited.by_id, audited.after) == (ADMIN.user_id, receipt)


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({}, ["authenticated", "standardised", "candidates_informed"]),
        ({"declarations": None}, ["authenticated", "standardised", "candidates_informed"]),
        ({"declarations": [True]}, ["authenticated", "standardised", "candidates_informed"]),
        ({"declarations": DECLARED["declarations"] | {"standardised": False}}, ["standardised"]),
        ({"declarations": DECLARED["declarations"] | {"authenticated": 1}}, ["authenticated"]),
    ],
)
def test_a_false_declaration_is_refused_before_anything_is_looked_at(
    marks: ServiceUnderTest, paper: str, body: object, at: list[str]
) -> None:
    make_sheet(marks, paper, "0004")
    answer = marks.call("POST", sheet_path(paper, "submission"), ADMIN, json=body)
    assert (answer.status_code, pointers(answer)) == (
        422,
        [f"/declarations/{name}" for name in at],
    )
    assert marks.emitted(EVENT) == []


def test_an_incomplete_sheet_is_refused_with_all_that_is_missing(
    marks: ServiceUnderTest, paper: str
) -> None:
    make_sheet(marks, paper, "0004", mark=Mark(tasks=(1, None), initials="AB"), surname="O'Neill")
    make_sheet(marks, paper, "0005", mark=Mark(tasks=(1, 2)))
    answer = submit(marks, paper)
    assert answer.status_code == 409
    assert answer.json is not None
    missing = [
        {"candidate_no": "0004", "name": "O'Neill : Siân", "what": ["Task 2"]},
        {"candidate_no": "0005", "name": "Surname0005 : Siân", "what": ["Teacher initials"]},
    ]
    assert answer.json["missing"] == missing
    assert readiness(marks, paper) == {
        "ready": False,
        "candidates": 4,
        "missing": missing,
        "doubts": [],
        "receipt": None,
        "receipts": [],
    }
    assert line_of(marks, paper, "0001")["locked"] is False


def test_what_looks_wrong_is_told_and_keeps_nobody_from_submitting(
    marks: ServiceUnderTest,
) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", mark=Mark(tasks=(0, 20)))
    told = readiness(marks, paper)
    what = "Task 1 has 0, but there are marks for the rest."
    doubt = {"candidate_no": "0001", "name": "Surname0001 : Siân", "what": what}
    assert (told["doubts"], told["ready"]) == ([doubt], True)
    assert submit(marks, paper).status_code == 201


def test_an_outcome_that_is_missing_is_named(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks, tasks=None, outcomes=OUTCOMES)
    make_sheet(marks, paper, "0001")
    assert submit(marks, paper).json["missing"][0]["what"] == ["Outcome"]  # type: ignore[index]


def test_a_sheet_with_nobody_on_it_is_refused(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", withdrawn=True)
    answer = submit(marks, paper)
    assert (answer.status_code, answer.json["missing"]) == (409, [])  # type: ignore[index]
    assert readiness(marks, paper)["ready"] is False


def test_a_repeat_with_nothing_new_gives_the_first_receipt(
    marks: ServiceUnderTest, paper: str
) -> None:
    assert readiness(marks, paper) == {
        "ready": True,
        "candidates": 2,
        "missing": [],
        "doubts": [],
        "receipt": None,
        "receipts": [],
    }
    first, again = submit(marks, paper), submit(marks, paper)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert len(marks.emitted(EVENT)) == 1
    assert readiness(marks, paper) == {
        "ready": False,
        "candidates": 0,
        "missing": [],
        "doubts": [],
        "receipt": first.json,
        "receipts": [first.json],
    }


def test_late_entries_are_submitted_as_a_supplement(marks: ServiceUnderTest, paper: str) -> None:
    first = submit(marks, paper)
    make_sheet(marks, paper, "0004")
    assert read(marks, paper)["paper"]["state"] == "reopened"
    late = submit(marks, paper)
    assert late.status_code == 409
    assert [line["candidate_no"] for line in late.json["missing"]] == ["0004"]  # type: ignore[index]
    assert readiness(marks, paper)["receipt"] == first.json
    put(marks, paper, "0004", {"tasks": [40, 40], "initials": "CD"})
    supplement = submit(marks, paper)
    assert supplement.status_code == 201
    assert supplement.json is not None
    told = {name: supplement.json[name] for name in ("kind", "number", "candidates")}
    assert told == {"kind": "supplementary", "number": 2, "candidates": 1}
    event = marks.emitted(EVENT)[-1]
    assert event.data["kind"] == "supplementary"
    assert [line["candidate_no"] for line in event.data["candidates"]] == ["0001", "0002", "0004"]
    assert [line_of(marks, paper, no)["submission"] for no in ("0001", "0004")] == [1, 2]
    again = submit(marks, paper)
    assert (again.status_code, again.json) == (200, first.json)
    assert readiness(marks, paper)["receipts"] == [first.json, supplement.json]


def test_a_supplement_carries_the_corrections_made_meanwhile(
    marks: ServiceUnderTest, paper: str
) -> None:
    submit(marks, paper)
    marks.allocate(CENTRE, paper)
    error = {"candidate_no": "0001", "total": 53, "reason": "Added up wrongly"}
    marks.call("POST", sheet_path(paper, "clerical-errors"), MODERATOR, json=error)
    make_sheet(marks, paper, "0004", mark=DONE)
    submit(marks, paper)
    first = marks.emitted(EVENT)[-1].data["candidates"][0]
    assert (first["total"], first["effective_total"]) == (35, 53)


@pytest.mark.parametrize(
    ("who", "status", "reading"),
    [
        (teacher_of(CENTRE), 201, 200),
        (teacher_of(CENTRE, iamis=False), 403, 403),
        (admin_of(OTHER_CENTRE), 404, 404),
        (BOARD, 403, 200),
        (MODERATOR, 404, 404),
    ],
)
def test_who_may_submit(
    marks: ServiceUnderTest, paper: str, who: Any, status: int, reading: int
) -> None:
    path = sheet_path(paper, "submission")
    assert marks.call("GET", path, who).status_code == reading
    assert marks.call("POST", path, who, json=DECLARED).status_code == status


def test_the_same_idempotency_key_gets_the_same_answer(marks: ServiceUnderTest, paper: str) -> None:
    path, headers = sheet_path(paper, "submission"), {"Idempotency-Key": "one"}
    answers = [
        marks.call("POST", path, ADMIN, json=DECLARED, headers=headers) for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
