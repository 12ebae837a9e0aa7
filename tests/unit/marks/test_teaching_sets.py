"""A teacher who is restricted to teaching sets: for them there are no other candidates."""

import csv
import io
from typing import Any

import pytest

from services.marks.domain.marking import Mark
from services.marks.models import Candidate
from tests.support.service import MODERATOR, ServiceUnderTest, teacher_of_sets
from tests.unit.marks.builders import CENTRE, make_paper, make_sheet, make_submission
from tests.unit.marks.entry_files import file as entries_file
from tests.unit.marks.entry_files import row, send
from tests.unit.marks.sheets import ADMIN, DECLARED, get, put, sheet_path

NIA = teacher_of_sets(CENTRE, "10A", "10C")
PAPERS = f"/api/marks/centres/{CENTRE}/papers"
CSV = {"Content-Type": "text/csv"}


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    """0001 and 0002 are hers; 0003 is of another set, and 0004 of none."""
    paper_id = make_paper(marks, initials_required=False)
    whole = Mark(tasks=(20, 20))
    make_sheet(marks, paper_id, "0001", teaching_set="10A", mark=whole)
    make_sheet(marks, paper_id, "0002", teaching_set="10C")
    make_sheet(marks, paper_id, "0003", teaching_set="10B")
    make_sheet(marks, paper_id, "0004", mark=whole)
    return paper_id


def numbers(sheet: Any) -> list[str]:
    return [one["candidate_no"] for one in sheet["candidates"]]


def test_the_marksheet_has_no_others(marks: ServiceUnderTest, paper: str) -> None:
    sheet = get(marks, sheet_path(paper), NIA, rows="all")
    assert (numbers(sheet), sheet["total"]) == (["0001", "0002"], 2)
    assert [one["name"] for one in sheet["teaching_sets"]] == ["10A", "10C"]
    assert all(one["mine"] for one in sheet["teaching_sets"])
    counts = {name: sheet["paper"][name] for name in ("candidates", "done", "left")}
    assert counts == {"candidates": 2, "done": 1, "left": 1}
    assert sheet["paper"]["only_some_sets"]
    for search in ("0003", "Surname0003"):
        assert get(marks, sheet_path(paper), NIA, search=search)["total"] == 0
    assert get(marks, sheet_path(paper), NIA, teaching_set="10B")["total"] == 0


def test_the_menu_counts_them_alone_and_names_no_paper_without(
    marks: ServiceUnderTest, paper: str
) -> None:
    other = make_paper(marks, code="3700U2")
    make_sheet(marks, other, "0001", teaching_set="10B")
    (listed,) = get(marks, PAPERS, NIA)["papers"]
    assert (listed["id"], listed["candidates"], listed["left"]) == (paper, 2, 1)
    assert get(marks, sheet_path(paper, "").rstrip("/"), NIA)["candidates"] == 2
    whole = get(marks, PAPERS, ADMIN)["papers"]
    assert sorted(one["candidates"] for one in whole) == [1, 4]
    assert not whole[0]["only_some_sets"]


@pytest.mark.parametrize("number", ["0003", "0004", "0009"])
def test_others_are_neither_read_nor_saved(
    marks: ServiceUnderTest, paper: str, number: str
) -> None:
    assert put(marks, paper, number, {"tasks": [1, 1]}, NIA).status_code == 404
    path = sheet_path(paper, f"candidates/{number}/history")
    assert marks.call("GET", path, NIA).status_code == 404
    body = {"candidates": [{"candidate_no": n, "tasks": [9, 9]} for n in ("0002", number)]}
    batch = marks.call("PATCH", sheet_path(paper), NIA, json=body).json or {}
    assert [one["candidate_no"] for one in batch["saved"]] == ["0002"]
    assert [one["status"] for one in batch["refused"]] == [404]


def test_their_own_are_saved(marks: ServiceUnderTest, paper: str) -> None:
    assert put(marks, paper, "0002", {"tasks": [3, 4]}, NIA).status_code == 200
    assert get(marks, sheet_path(paper, "candidates/0002/history"), NIA)["changes"]


def test_files_hold_and_take_no_others(marks: ServiceUnderTest, paper: str) -> None:
    path = sheet_path(paper, "exports/marks")
    text = marks.call("GET", path, NIA).get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [one["candidate_no"] for one in rows] == ["0001", "0002"]
    imports = sheet_path(paper, "imports/marks")
    back = marks.call("POST", imports, NIA, data=text.encode(), headers=CSV)
    assert (back.json or {})["changes"] == []
    whole = marks.call("GET", path, ADMIN).get_data()
    assert marks.call("POST", imports, NIA, data=whole, headers=CSV).status_code == 422


def test_what_is_missing_names_their_own_and_the_submission_is_not_theirs(
    marks: ServiceUnderTest, paper: str
) -> None:
    missing = get(marks, sheet_path(paper, "submission"), NIA)
    assert [one["candidate_no"] for one in missing["missing"]] == ["0002"]
    put(marks, paper, "0002", {"tasks": [3, 4]}, NIA)
    checked = get(marks, sheet_path(paper, "submission"), NIA)
    assert (checked["ready"], checked["missing"]) == (False, [])
    put(marks, paper, "0003", {"tasks": [3, 4]})
    assert get(marks, sheet_path(paper, "submission"), ADMIN)["ready"]
    refused = marks.call("POST", sheet_path(paper, "submission"), NIA, json=DECLARED)
    assert refused.status_code == 403
    body = refused.json or {}
    assert body["type"] == "urn:iamis:problem:teaching-sets-only"
    assert "whole paper" in body["detail"]


def test_corrections_and_amendments_of_others_are_not_there(
    marks: ServiceUnderTest, paper: str
) -> None:
    for number in ("0002", "0003"):
        put(marks, paper, number, {"tasks": [3, 4]})
    make_submission(marks, paper)
    marks.allocate(CENTRE, paper)
    for number in ("0001", "0003"):
        error = {"candidate_no": number, "tasks": [1, 1], "reason": "Added up wrong"}
        path = sheet_path(paper, "clerical-errors")
        assert marks.call("POST", path, MODERATOR, json=error).status_code == 201
        wanted = {"candidate_no": number, "tasks": [2, 2], "reason": "Swapped"}
        asked = marks.call("POST", sheet_path(paper, "amendment-requests"), ADMIN, json=wanted)
        assert asked.status_code == 201
    for rest, name in (("clerical-errors", "clerical_errors"), ("amendment-requests", "requests")):
        found = get(marks, sheet_path(paper, rest), NIA)
        assert [one["candidate_no"] for one in found[name]] == ["0001"]
        assert found["total"] == 1
    wanted = {"candidate_no": "0004", "tasks": [2, 2], "reason": "Swapped"}
    asked = marks.call("POST", sheet_path(paper, "amendment-requests"), NIA, json=wanted)
    assert asked.status_code == 422


def test_a_candidate_who_changes_set_changes_hands(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks, initials_required=False)
    other = teacher_of_sets(CENTRE, "10B")
    send(marks, entries_file(row(1, teaching_set="10A"), row(2, teaching_set="10B")))
    put(marks, paper, "0001", {"tasks": [3, 4]}, NIA)
    assert send(marks, entries_file(row(1, teaching_set="10B"))).json["changed"] == 1
    assert get(marks, PAPERS, NIA)["papers"] == []
    assert put(marks, paper, "0001", {"tasks": [5, 5]}, NIA).status_code == 404
    assert numbers(get(marks, sheet_path(paper), other)) == ["0001", "0002"]
    assert get(marks, sheet_path(paper, "candidates/0001/history"), other)["changes"]
    with marks.database.reading() as session:
        assert session.query(Candidate).filter_by(candidate_no="0001").one().total == 7
