"""Saving one candidate's mark."""

from typing import Any

import pytest

from services.marks.domain.marking import Mark
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of, teacher_of
from tests.unit.marks.builders import (
    CENTRE,
    OTHER_CENTRE,
    OUTCOMES,
    make_paper,
    make_sheet,
    make_submission,
)
from tests.unit.marks.sheets import ADMIN, at_once, history, line_of, pointers, put, sheet_path


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks, initials_required=True)
    make_sheet(marks, paper, "1054", mark=Mark(tasks=(15, 15), initials="AB"))
    make_sheet(marks, paper, "1055")
    return paper


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"tasks": [15, None]}, {"tasks": [15, None], "total": None, "complete": False}),
        (
            {"tasks": [0, 40]},
            {"tasks": [0, 40], "total": 40, "effective_total": 40, "complete": True},
        ),
        ({"tasks": [16, 15], "code": None, "clear": None}, {"total": 31, "code": None}),
        ({"code": "a"}, {"code": "A", "tasks": [None, None], "total": None, "complete": True}),
        ({"clear": True}, {"tasks": [None, None], "initials": "AB", "complete": False}),
        ({"tasks": [16, 15]}, {"initials": "AB", "complete": True}),
        ({"tasks": [15, 15], "initials": "c.d."}, {"initials": "CD", "version": 1}),
        ({"tasks": [15, 15], "initials": ""}, {"initials": "", "complete": False}),
    ],
)
def test_a_save_replaces_the_value_and_keeps_initials_not_sent(
    marks: ServiceUnderTest, paper: str, body: object, expected: dict[str, Any]
) -> None:
    response = put(marks, paper, "1054", body)
    assert response.status_code == 200, response.text
    assert response.json == line_of(marks, paper, "1054")
    assert response.json | expected == response.json
    assert response.json["version"] == 1


def test_an_outcome_is_saved_as_the_paper_writes_it(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks, tasks=None, outcomes=OUTCOMES)
    make_sheet(marks, paper, "0001")
    for outcome, stored in (("merit", "Merit"), ("Not classified", "Not classified")):
        saved = put(marks, paper, "0001", {"outcome": outcome})
        assert saved.json is not None
        assert (saved.json["outcome"], saved.json["tasks"]) == (stored, None)
    assert put(marks, paper, "0001", {"clear": True}).json["outcome"] is None  # type: ignore[index]


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({}, [""]),
        ({"initials": "AB"}, [""]),
        ({"tasks": None}, [""]),
        ([], [""]),
        ("15", [""]),
        ({"tasks": [15, 15], "code": "A"}, ["/tasks", "/code"]),
        ({"tasks": [15, 15], "clear": True}, ["/tasks", "/clear"]),
        ({"tasks": {"0": 15}}, ["/tasks"]),
        ({"tasks": [15]}, ["/tasks"]),
        ({"tasks": [15, 15, 15]}, ["/tasks"]),
        ({"tasks": [41, -1]}, ["/tasks/0", "/tasks/1"]),
        ({"tasks": [True, False]}, ["/tasks/0", "/tasks/1"]),
        ({"tasks": [15.0, "15"]}, ["/tasks/0", "/tasks/1"]),
        ({"tasks": [10**40, [1]]}, ["/tasks/0", "/tasks/1"]),
        ({"code": "CF"}, ["/code"]),
        ({"code": "\ud800"}, ["/code"]),
        ({"code": True}, ["/code"]),
        ({"outcome": "Pass"}, ["/outcome"]),
        ({"clear": False}, ["/clear"]),
        ({"clear": 1}, ["/clear"]),
        ({"tasks": [1, 1], "initials": "\N{BELL}"}, ["/initials"]),
        ({"tasks": [1, 1], "initials": "ABCDEFG"}, ["/initials"]),
        ({"tasks": [1, 1], "version": True}, ["/version"]),
        ({"tasks": [1, 1], "version": "0"}, ["/version"]),
        ({"tasks": [1, 1], "version": 0.0}, ["/version"]),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_changed(
    marks: ServiceUnderTest, paper: str, body: object, at: list[str]
) -> None:
    before = line_of(marks, paper, "1054")
    response = put(marks, paper, "1054", body)
    assert (response.status_code, pointers(response)) == (422, at)
    assert line_of(marks, paper, "1054") == before
    assert history(marks, paper, "1054") == []


@pytest.mark.parametrize("raw", ["{", '{"tasks": [NaN, 1]}', '{"tasks": [Infinity, 1]}', ""])
def test_json_that_is_none_is_a_bad_request(marks: ServiceUnderTest, paper: str, raw: str) -> None:
    path = sheet_path(paper, "candidates/1054")
    answer = marks.call("PUT", path, ADMIN, data=raw, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("number", ["9999", "abcd", "0006"])
def test_a_candidate_not_on_the_sheet_is_not_found(
    marks: ServiceUnderTest, paper: str, number: str
) -> None:
    make_sheet(marks, paper, "0006", withdrawn=True)
    assert put(marks, paper, number, {"tasks": [1, 1]}).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (teacher_of(CENTRE), 200),
        (teacher_of(CENTRE, iamis=False), 403),
        (admin_of(OTHER_CENTRE), 404),
        (BOARD, 403),
        (MODERATOR, 404),
    ],
)
def test_who_may_save(marks: ServiceUnderTest, paper: str, who: Any, status: int) -> None:
    assert put(marks, paper, "1054", {"tasks": [1, 1]}, who).status_code == status


def test_an_account_that_may_not_is_told_before_its_body_is_read(
    marks: ServiceUnderTest, paper: str
) -> None:
    path = sheet_path(paper, "candidates/1054")
    assert marks.call("PUT", path, BOARD, data="{").status_code == 403


@pytest.mark.parametrize(
    ("version", "tasks", "status", "left"),
    [
        (2, [9, 9], 200, 3),
        (None, [9, 9], 200, 3),
        (1, [9, 9], 409, 2),
        (3, [9, 9], 409, 2),
        (10**30, [9, 9], 409, 2),
        # A retried save is no conflict, and no change.
        (1, [2, 2], 200, 2),
        (2, [2, 2], 200, 2),
        (None, [2, 2], 200, 2),
    ],
)
def test_a_stale_version_is_a_conflict_unless_the_value_is_there_already(
    marks: ServiceUnderTest,
    paper: str,
    version: int | None,
    tasks: list[int],
    status: int,
    left: int,
) -> None:
    for saved in ([1, 1], [2, 2]):
        put(marks, paper, "1055", {"tasks": saved})
    response = put(marks, paper, "1055", {"tasks": tasks, "version": version})
    assert response.status_code == status
    now = line_of(marks, paper, "1055")
    assert response.json is not None
    assert (response.json if status == 200 else response.json["current"]) == now
    assert (now["version"], len(history(marks, paper, "1055"))) == (left, left)


def test_an_equal_value_moves_no_cursor(marks: ServiceUnderTest, paper: str) -> None:
    put(marks, paper, "1055", {"tasks": [1, 1]})
    path = sheet_path(paper)
    cursor = marks.call("GET", path, ADMIN).json["cursor"]  # type: ignore[index]
    put(marks, paper, "1055", {"tasks": [1, 1], "version": 0})
    assert marks.call("GET", path, ADMIN).json["cursor"] == cursor  # type: ignore[index]


@pytest.mark.parametrize("tasks", [[15, 15], [1, 1]])
def test_a_submitted_candidate_is_a_conflict_and_a_late_one_is_not(
    marks: ServiceUnderTest, paper: str, tasks: list[int]
) -> None:
    make_submission(marks, paper)
    make_sheet(marks, paper, "1056")
    locked = put(marks, paper, "1054", {"tasks": tasks})
    assert locked.status_code == 409
    assert locked.json is not None
    assert locked.json["current"] == line_of(marks, paper, "1054")
    assert put(marks, paper, "1054", {"tasks": [99, 1]}).status_code == 422
    assert put(marks, paper, "1056", {"tasks": tasks}).status_code == 200


def test_the_history_tells_who_when_from_to_and_how(marks: ServiceUnderTest, paper: str) -> None:
    put(marks, paper, "1054", {"tasks": [16, 15], "initials": "CD"})
    put(marks, paper, "1054", {"code": "A"}, teacher_of(CENTRE))
    first, second = history(marks, paper, "1054")
    value = {"tasks": [15, 15], "code": None, "outcome": None, "total": 30, "initials": "AB"}
    changed = value | {"tasks": [16, 15], "total": 31, "initials": "CD"}
    absent = changed | {"tasks": [None, None], "code": "A", "total": None}
    assert (first["from"], first["to"], second["from"]) == (value, changed, changed)
    assert second["to"] == absent
    assert (first["by"], first["how"], first["why"]) == (ADMIN.name, "typed", "")
    assert first["at"] <= second["at"]
    assert first["at"].endswith("+00:00")


def test_the_history_of_an_unknown_candidate_is_not_found(
    marks: ServiceUnderTest, paper: str
) -> None:
    path = sheet_path(paper, "candidates/9999/history")
    assert marks.call("GET", path, ADMIN).status_code == 404


def test_of_many_saves_from_one_version_exactly_one_wins(
    marks: ServiceUnderTest, paper: str
) -> None:
    answers = at_once(
        8, lambda number: put(marks, paper, "1055", {"tasks": [number, 1], "version": 0})
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    winner = next(answer.json for answer in answers if answer.status_code == 200)
    assert line_of(marks, paper, "1055") == winner
    assert len(history(marks, paper, "1055")) == 1
    assert all(a.json["current"] == winner for a in answers if a.status_code == 409)  # type: ignore[index]


def test_of_many_saves_without_version_each_is_in_the_history(
    marks: ServiceUnderTest, paper: str
) -> None:
    answers = at_once(6, lambda number: put(marks, paper, "1055", {"tasks": [number, 1]}))
    assert [answer.status_code for answer in answers] == [200] * 6
    changes = history(marks, paper, "1055")
    assert [change["to"] for change in changes[:-1]] == [c["from"] for c in changes[1:]]
    assert (len(changes), line_of(marks, paper, "1055")["version"]) == (6, 6)
