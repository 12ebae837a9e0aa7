"""Saving marks, by the contract: what is refused changes nothing, and who wins when two save."""

from typing import Any

import pytest

from tests.integration.conftest import MakeSheet
from tests.support import shapes
from tests.support.refusals import refused
from tests.support.sheet import Sheet

TWO_TASKS = [{"name": "Analysis", "max": 40}, {"name": "Design", "max": 60}]
AT_ONCE = 8


@pytest.fixture(scope="module")
def sheet(make_sheet: MakeSheet) -> Sheet:
    """Two tasks, not linear: for what is refused."""
    sheet = make_sheet(2, tasks=TWO_TASKS)
    sheet.saved("0001", tasks=[15, None], initials="GT")
    return sheet


@pytest.fixture(scope="module")
def linear(make_sheet: MakeSheet) -> Sheet:
    return make_sheet(8, tasks=TWO_TASKS, linear=True)


BAD_MARKS: list[tuple[dict[str, Any], list[str]]] = [
    ({"tasks": [41, 0]}, ["/tasks/0"]),
    ({"tasks": [0, 61]}, ["/tasks/1"]),
    ({"tasks": [-1, 61]}, ["/tasks/0", "/tasks/1"]),
    ({"tasks": [1.5, 0]}, ["/tasks/0"]),
    ({"tasks": ["15", 0]}, ["/tasks/0"]),
    ({"tasks": [True, 0]}, ["/tasks/0"]),
    ({"tasks": [[1], {}]}, ["/tasks/0", "/tasks/1"]),
    ({"tasks": [10**30, 0]}, ["/tasks/0"]),
    ({"tasks": [15]}, ["/tasks"]),
    ({"tasks": [15, 1, 2]}, ["/tasks"]),
    ({"tasks": []}, ["/tasks"]),
    ({"tasks": "15"}, ["/tasks"]),
    ({"tasks": {"0": 15}}, ["/tasks"]),
    ({"code": "X"}, ["/code"]),
    ({"code": ""}, ["/code"]),
    ({"code": 5}, ["/code"]),
    ({"code": "CF"}, ["/code"]),
    ({"code": "c"}, ["/code"]),
    ({"outcome": "Pass"}, ["/outcome"]),
    ({"clear": False}, ["/clear"]),
    ({"clear": 1}, ["/clear"]),
    ({"tasks": [1, 2], "code": "A"}, ["/tasks", "/code"]),
    ({"code": "A", "clear": True}, ["/code", "/clear"]),
    ({"tasks": [1, 2], "outcome": "Pass"}, ["/tasks", "/outcome"]),
    ({"tasks": [1, 2], "initials": "longer than six"}, ["/initials"]),
    ({"tasks": [1, 2], "initials": 7}, ["/initials"]),
    ({"tasks": [1, 2], "version": "1"}, ["/version"]),
    ({"tasks": [1, 2], "version": 1.5}, ["/version"]),
    ({"tasks": [1, 2], "version": True}, ["/version"]),
    ({"tasks": [41, 2], "version": "1"}, ["/version"]),
    ({}, []),
    ({"initials": "AB"}, []),
    ({"tasks": None, "code": None, "outcome": None, "clear": None}, []),
]


def names(bad: object) -> str | None:
    return str(bad) if isinstance(bad, dict) else None


@pytest.mark.parametrize(("body", "pointers"), BAD_MARKS, ids=names)
def test_a_bad_mark_is_refused_and_nothing_changed(
    sheet: Sheet, body: dict[str, Any], pointers: list[str]
) -> None:
    before = sheet.marksheet(), sheet.history("0001")

    refused(sheet.put("0001", body), 422, *pointers)
    (told,) = sheet.patch({"candidate_no": "0001"} | body).expect(200)["refused"]
    assert (told["candidate_no"], told["status"]) == ("0001", 422)
    assert told["detail"]
    whole = sheet.patch(
        {"candidate_no": "0002", "tasks": [1, 1]},
        {"candidate_no": "0001"} | body,
        query="?atomic=true",
    )
    refused(whole, 422, *(f"/candidates/1{pointer}" for pointer in pointers))

    assert (sheet.marksheet(), sheet.history("0001")) == before


@pytest.mark.parametrize("number", ["0003", "9999", "1", "00011", "abcd"])
def test_an_unknown_candidate_is_not_found(sheet: Sheet, number: str) -> None:
    before = sheet.marksheet()
    refused(sheet.put(number, {"tasks": [1, 2]}), 404)
    saved = sheet.patch({"candidate_no": number, "tasks": [1, 2]}).expect(200)
    assert [one["status"] for one in saved["refused"]] == [404]
    assert saved["saved"] == []
    assert sheet.marksheet() == before


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/candidates"]),
        ({"candidates": None}, ["/candidates"]),
        ({"candidates": {"0001": [1, 2]}}, ["/candidates"]),
        ({"candidates": "0001"}, ["/candidates"]),
        ([], []),
        ("text", []),
        (None, []),
    ],
)
def test_a_batch_that_is_none_is_refused(sheet: Sheet, body: object, pointers: list[str]) -> None:
    before = sheet.marksheet()
    sent = b"null" if body is None else body
    answer = sheet.api.call(
        "PATCH", f"{sheet.path}/marksheet", sent, {"Content-Type": "application/json"}
    )
    refused(answer, 422, *pointers)
    assert sheet.marksheet() == before


@pytest.mark.parametrize("row", [{"tasks": [1, 2]}, {"candidate_no": 1, "tasks": [1, 2]}, 7, None])
def test_a_row_without_a_candidate_is_refused_alone(sheet: Sheet, row: object) -> None:
    saved = sheet.patch(row, {"candidate_no": "0002", "clear": True}).expect(200)
    assert [one["status"] for one in saved["refused"]] == [422]
    assert [one["candidate_no"] for one in saved["saved"]] == ["0002"]


def test_an_answer_is_the_whole_candidate(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(1, tasks=TWO_TASKS)
    saved = sheet.saved("0001", tasks=[0, 60], initials="GT", code=None)
    shapes.check(saved, **shapes.CANDIDATE)
    assert saved == sheet.candidate("0001")
    assert (saved["tasks"], saved["total"], saved["effective_total"]) == ([0, 60], 60, 60)
    assert (saved["complete"], saved["initials"], saved["code"]) == (True, "GT", None)
    assert (saved["sample"], saved["clerical_error"]) == (None, None)


def test_a_mark_in_parts_is_not_complete(linear: Sheet) -> None:
    part = linear.saved("0001", tasks=[None, 12])
    assert (part["tasks"], part["total"], part["complete"]) == ([None, 12], None, False)
    whole = linear.saved("0001", tasks=[3, 12])
    assert (whole["total"], whole["complete"]) == (15, True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("A", "A"), ("a", "A"), ("C", "CF"), ("c", "CF"), ("CF", "CF"), ("cf", "CF")],
)
def test_a_code_stands_for_the_whole_candidate(linear: Sheet, typed: str, kept: str) -> None:
    linear.saved("0002", tasks=[3, 12])
    coded = linear.saved("0002", code=typed)
    assert (coded["code"], coded["total"], coded["complete"]) == (kept, None, True)
    assert coded["tasks"] in (None, [None, None])


def test_absent_can_be_undone(linear: Sheet) -> None:
    linear.saved("0003", code="A", initials="GT")
    cleared = linear.saved("0003", clear=True)
    assert (cleared["code"], cleared["tasks"], cleared["complete"]) == (None, [None, None], False)
    assert cleared["initials"] == "GT"
    assert linear.saved("0003", tasks=[0, 0])["total"] == 0


def test_initials_stay_where_none_are_sent(linear: Sheet) -> None:
    linear.saved("0004", tasks=[1, 2], initials="GT")
    assert linear.saved("0004", tasks=[1, 3])["initials"] == "GT"
    assert linear.saved("0004", tasks=[1, 3], initials=None)["initials"] == "GT"
    assert linear.saved("0004", tasks=[1, 3], initials="MP")["initials"] == "MP"
    assert linear.saved("0004", tasks=[1, 3], initials="")["initials"] == ""


def test_a_stale_version_is_a_conflict_that_tells_the_current_candidate(linear: Sheet) -> None:
    first = linear.saved("0005", tasks=[1, 1])
    second = linear.saved("0005", tasks=[2, 2], version=first["version"])
    assert second["version"] > first["version"]
    stale = {"tasks": [3, 3], "version": first["version"]}

    problem = refused(linear.put("0005", stale), 409)
    assert problem["current"] == second
    (told,) = linear.patch({"candidate_no": "0005"} | stale).expect(200)["refused"]
    assert (told["status"], told["current"]) == (409, second)
    whole = linear.patch({"candidate_no": "0005"} | stale, query="?atomic=true")
    refused(whole, 422)
    assert linear.candidate("0005") == second
    assert len(linear.history("0005")) == 2


def test_a_version_not_reached_yet_is_a_conflict_too(linear: Sheet) -> None:
    now = linear.candidate("0005")
    refused(linear.put("0005", {"tasks": [3, 3], "version": now["version"] + 7}), 409)


def test_a_retried_save_is_no_conflict(linear: Sheet) -> None:
    start = linear.candidate("0006")["version"]
    first = linear.saved("0006", tasks=[1, 1], version=start)
    assert linear.saved("0006", tasks=[1, 1], version=start) == first
    assert len(linear.history("0006")) == 1


def test_without_a_version_the_last_one_wins_and_both_are_in_the_history(linear: Sheet) -> None:
    linear.saved("0007", tasks=[1, 1])
    linear.saved("0007", tasks=[2, 2])
    assert linear.candidate("0007")["tasks"] == [2, 2]
    changes = linear.history("0007")
    for change in changes:
        shapes.check(change, at=str, by=str, how=str, why=str)
        assert shapes.is_instant(change["at"])
        assert {"from", "to"} <= change.keys()
    assert [change["to"]["tasks"] for change in changes] == [[1, 1], [2, 2]]
    assert changes[1]["from"]["tasks"] == [1, 1]
    assert changes[0]["by"] == linear.api.user["name"]
