"""Saving the marks of many candidates at once."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.marks.domain.marking import Mark
from shared.engine import is_postgresql
from tests.support.service import BOARD, ServiceUnderTest
from tests.support.statements import counted
from tests.unit.marks.builders import make_paper, make_sheet, make_submission
from tests.unit.marks.sheets import (
    ADMIN,
    history,
    line_of,
    pointers,
    put,
    read,
    sheet_path,
)

HELD = Mark(tasks=(15, 15))


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", mark=HELD)
    make_submission(marks, paper)
    make_sheet(marks, paper, "0002", "0003", "0004", mark=HELD, version=5)
    return paper


def patch(
    marks: ServiceUnderTest, paper: str, rows: object, query: str = "", **more: object
) -> TestResponse:
    body = {"candidates": rows, **more}
    return marks.call("PATCH", sheet_path(paper) + query, ADMIN, json=body)


SAVED = {"candidate_no": "0002", "version": 6, "total": 3, "initials": "AB", "complete": True}
MIXED: list[Any] = [
    {"candidate_no": "0002", "tasks": [1, 2], "initials": "a.b.", "version": 5},
    {"candidate_no": "0001", "tasks": [1, 2]},
    {"candidate_no": "0003", "tasks": [41, 2]},
    {"candidate_no": "9999", "tasks": [1, 2]},
    {"candidate_no": "\ud800", "tasks": [1, 2]},
    {"candidate_no": "0004", "code": "A", "version": 4},
    {"candidate_no": 4, "code": "A"},
    "0004",
    {"candidate_no": "0003", "tasks": [15, 15], "version": 1},
]


def test_good_rows_are_saved_and_bad_ones_are_listed(marks: ServiceUnderTest, paper: str) -> None:
    answer = patch(marks, paper, MIXED)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["saved"] == [
        SAVED,
        {"candidate_no": "0003", "version": 5, "total": 30, "initials": "", "complete": True},
    ]
    refused = answer.json["refused"]
    assert [(row["candidate_no"], row["status"]) for row in refused] == [
        ("0001", 409),
        ("0003", 422),
        ("9999", 404),
        ("\ud800", 404),
        ("0004", 409),
        (None, 422),
        (None, 422),
    ]
    assert all(row["detail"] for row in refused)
    assert refused[1]["errors"][0]["pointer"] == "/tasks/0"
    assert [row.get("current") for row in refused] == [
        line_of(marks, paper, "0001"),
        None,
        None,
        None,
        line_of(marks, paper, "0004"),
        None,
        None,
    ]


def test_an_atomic_batch_names_every_refused_row_and_saves_nothing(
    marks: ServiceUnderTest, paper: str
) -> None:
    before = read(marks, paper)
    answer = patch(marks, paper, MIXED, "?atomic=true")
    assert (answer.status_code, pointers(answer)) == (
        422,
        [
            "/candidates/1/candidate_no",
            "/candidates/2/tasks/0",
            "/candidates/3/candidate_no",
            "/candidates/4/candidate_no",
            "/candidates/5/version",
            "/candidates/6/candidate_no",
            "/candidates/7",
        ],
    )
    assert read(marks, paper) == before
    assert history(marks, paper, "0002") == []


def test_an_atomic_batch_without_a_bad_row_is_saved(marks: ServiceUnderTest, paper: str) -> None:
    answer = patch(marks, paper, MIXED[:1], "?atomic=true")
    assert answer.json == {
        "saved": [SAVED],
        "refused": [],
    }
    assert line_of(marks, paper, "0002")["tasks"] == [1, 2]


def test_rows_of_one_candidate_are_applied_in_order(marks: ServiceUnderTest, paper: str) -> None:
    rows = [
        {"candidate_no": "0002", "tasks": [1, 1], "version": 5},
        {"candidate_no": "0002", "tasks": [2, 2], "version": 6},
        {"candidate_no": "0002", "tasks": [3, 3], "version": 6},
    ]
    answer = patch(marks, paper, rows)
    assert answer.json is not None
    assert [row["version"] for row in answer.json["saved"]] == [6, 7]
    assert answer.json["refused"][0]["current"]["tasks"] == [2, 2]
    assert line_of(marks, paper, "0002")["total"] == 4


@pytest.mark.parametrize("how", ["typed", "pasted", "imported"])
def test_the_history_tells_how_the_rows_were_made(
    marks: ServiceUnderTest, paper: str, how: str
) -> None:
    patch(marks, paper, MIXED[:1], how=how)
    assert [change["how"] for change in history(marks, paper, "0002")] == [how]


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({}, "/candidates"),
        ({"candidates": None}, "/candidates"),
        ({"candidates": {"candidate_no": "0002"}}, "/candidates"),
        ({"candidates": [{}] * 2001}, "/candidates"),
        ({"candidates": [], "how": "guessed"}, "/how"),
        ([], ""),
    ],
)
def test_a_body_that_is_no_batch_is_refused(
    marks: ServiceUnderTest, paper: str, body: object, at: str
) -> None:
    answer = marks.call("PATCH", sheet_path(paper), ADMIN, json=body)
    assert (answer.status_code, pointers(answer)) == (422, [at])


def test_an_unclear_atomic_is_refused(marks: ServiceUnderTest, paper: str) -> None:
    assert patch(marks, paper, [], "?atomic=perhaps").status_code == 422


def test_the_board_saves_no_marks(marks: ServiceUnderTest, paper: str) -> None:
    answer = marks.call("PATCH", sheet_path(paper), BOARD, json={"candidates": []})
    assert answer.status_code == 403


def test_two_thousand_rows_are_read_in_one_statement(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    numbers = [f"{number:04}" for number in range(2000)]
    make_sheet(marks, paper, *numbers)
    rows = [{"candidate_no": number, "tasks": [1, 2], "version": 0} for number in numbers]
    with counted(marks.database) as statements:
        answer = patch(marks, paper, rows)
    assert answer.json is not None
    assert (len(answer.json["saved"]), answer.json["refused"]) == (2000, [])
    assert sum("FROM candidates" in statement for statement in statements) == 1
    assert len(statements) <= most_statements(marks), statements


def most_statements(marks: ServiceUnderTest) -> int:
    """Who is asking, the sheet, its candidates; and what has changed: on PostgreSQL in one."""
    return 5 if is_postgresql(marks.database.engine) else 7


def test_one_mark_takes_no_more_statements_than_many(marks: ServiceUnderTest, paper: str) -> None:
    with counted(marks.database) as statements:
        assert put(marks, paper, "0002", {"tasks": [1, 2]}).status_code == 200
    assert len(statements) <= most_statements(marks), statements


def test_of_one_candidate_told_twice_the_last_mark_stands(
    marks: ServiceUnderTest, paper: str
) -> None:
    rows = [{"candidate_no": "0002", "tasks": [mark, None]} for mark in (1, 2, 3)]
    answer = patch(marks, paper, [*rows, {"candidate_no": "0003", "code": "A"}])
    assert answer.json is not None
    assert [one["version"] for one in answer.json["saved"]] == [6, 7, 8, 6]
    assert line_of(marks, paper, "0002")["tasks"] == [3, None]
    assert line_of(marks, paper, "0003")["tasks"] == [None, None]
    kept = [change["to"]["tasks"] for change in history(marks, paper, "0002")]
    assert kept == [[1, None], [2, None], [3, None]]


def test_one_bad_row_among_two_thousand_is_named_by_its_cell_and_nothing_is_saved(
    marks: ServiceUnderTest,
) -> None:
    paper = make_paper(marks)
    numbers = [f"{number:04}" for number in range(2000)]
    make_sheet(marks, paper, *numbers)
    before = read(marks, paper)["cursor"]
    rows = [{"candidate_no": number, "tasks": [1, 2], "version": 0} for number in numbers]
    bad = {"candidate_no": "1234", "tasks": [1, 81]}
    refused = patch(marks, paper, [*rows[:1234], bad, *rows[1235:]], "?atomic=true", how="pasted")
    assert (refused.status_code, pointers(refused)) == (422, ["/candidates/1234/tasks/1"])
    assert refused.json is not None
    assert "Task 2" in refused.json["errors"][0]["detail"]
    assert read(marks, paper, changed_since=before)["candidates"] == []
    with counted(marks.database) as statements:
        saved = patch(marks, paper, rows, "?atomic=true", how="pasted")
    assert saved.status_code == 200
    assert sum("INSERT INTO mark_changes" in statement for statement in statements) == 1
    assert read(marks, paper)["paper"]["done"] == 2000
    assert [change["how"] for change in history(marks, paper, "1999")] == ["pasted"]
