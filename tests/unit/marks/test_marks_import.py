"""Marks in files: downloaded, changed, looked at and imported, whole or not at all."""

import pytest

from services.marks.domain.marking import Mark
from services.marks.models import MarkChange
from shared.audit import AuditRow
from tests.support.service import ServiceUnderTest, rows_of
from tests.support.statements import counted
from tests.unit.marks.builders import (
    OUTCOMES,
    make_paper,
    make_sheet,
    make_submission,
)
from tests.unit.marks.mark_files import as_csv, as_workbook, export, rows_of_export, send
from tests.unit.marks.sheets import (
    history,
    line_of,
    pointers,
    put,
    read,
)

MANY = 2000
MAKERS = {"csv": as_csv, "xlsx": as_workbook}


BLANK = {"tasks": [None, None], "code": None, "outcome": None, "total": None, "initials": ""}
MARKED = BLANK | {"tasks": [7, 8], "total": 15, "initials": "CD"}
NAME = "=1+1 : Siân"
TYPED = [
    {"candidate_no": "0003", "name": NAME, "from": BLANK, "to": MARKED},
    {"candidate_no": "0004", "name": NAME, "from": BLANK, "to": BLANK | {"code": "CF"}},
]


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks, linear=True)
    make_sheet(marks, paper, "0001", mark=Mark(tasks=(15, 20), initials="AB"))
    make_sheet(marks, paper, "0002", mark=Mark(tasks=(None, None), code="A"))
    make_sheet(marks, paper, "0003", "0004", surname="=1+1")
    make_sheet(marks, paper, "0009", withdrawn=True)
    return paper


def marked(no: str, one: object = "", two: object = "", **more: object) -> dict[str, object]:
    return {"candidate_no": no, "task_1": one, "task_2": two, **more}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_sheet_comes_back_as_it_was_taken(marks: ServiceUnderTest, paper: str, kind: str) -> None:
    before = read(marks, paper)
    answer = export(marks, paper, kind)
    assert answer.headers["Content-Disposition"].endswith(f'3700u1-june-2031.{kind}"')
    told = send(marks, paper, answer.data).json
    assert told == {
        "changes": [],
        "refused": [],
        "odd": [],
        "unchanged": 4,
        "cursor": before["cursor"],
    }
    assert read(marks, paper) == before


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_marks_typed_into_the_file_are_shown_and_then_imported(
    marks: ServiceUnderTest, paper: str, kind: str
) -> None:
    rows = rows_of_export(marks, paper, kind)
    rows[2] |= {"task_1": 7, "task_2": 8, "teacher_initials": "c.d."}
    rows[3] |= {"code": "cf"}
    raw = MAKERS[kind](*rows)
    before = read(marks, paper)
    looked = send(marks, paper, raw, dry_run="true").json
    assert looked is not None
    assert looked["changes"] == TYPED
    assert read(marks, paper) == before

    done = send(marks, paper, raw, seen=looked["cursor"])
    assert (done.status_code, done.json["changes"]) == (200, looked["changes"])
    third = line_of(marks, paper, "0003")
    assert (third["tasks"], third["initials"], third["complete"]) == ([7, 8], "CD", True)
    assert line_of(marks, paper, "0004")["code"] == "CF"
    assert [change["how"] for change in history(marks, paper, "0003")] == ["imported"]
    with marks.transaction() as session:
        (audited,) = rows_of(session, AuditRow)
        assert (audited.action, audited.after) == ("marks.imported", {"changed": 2, "unchanged": 2})


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"task_1": "", "task_2": ""}, [15, 20]),
        ({"task_1": "16", "task_2": ""}, [16, 20]),
        ({"task_1": " 016 ", "task_2": "0"}, [16, 0]),
    ],
)
def test_a_blank_cell_takes_nothing_away(
    marks: ServiceUnderTest, paper: str, changes: dict[str, object], wanted: list[int]
) -> None:
    assert send(marks, paper, as_csv(marked("0001") | changes)).status_code == 200
    line = line_of(marks, paper, "0001")
    assert (line["tasks"], line["initials"]) == (wanted, "AB")


def test_initials_alone_are_a_change(marks: ServiceUnderTest, paper: str) -> None:
    done = send(marks, paper, as_csv(marked("0002", teacher_initials="xy")))
    assert done.status_code == 200
    line = line_of(marks, paper, "0002")
    assert (line["code"], line["initials"]) == ("A", "XY")


def test_numbers_of_a_workbook_get_their_zeros_back(marks: ServiceUnderTest, paper: str) -> None:
    row = {"centre_no": 68101, "candidate_no": 3, "task_1": 1.0, "task_2": 2}
    assert send(marks, paper, as_workbook(row)).status_code == 200
    assert line_of(marks, paper, "0003")["tasks"] == [1, 2]


def test_what_somebody_changed_since_the_download_is_shown_and_refused(
    marks: ServiceUnderTest, paper: str
) -> None:
    rows = rows_of_export(marks, paper)
    put(marks, paper, "0001", {"tasks": [40, 40]})
    rows[0] |= {"task_1": 1}
    rows[2] |= {"task_1": 5, "task_2": 5}
    raw = as_csv(*rows)
    looked = send(marks, paper, raw, dry_run="true").json
    assert looked is not None
    assert [change["candidate_no"] for change in looked["changes"]] == ["0003"]
    (conflict,) = looked["refused"]
    assert (conflict["candidate_no"], conflict["line"], conflict["status"]) == ("0001", 2, 409)
    assert (conflict["current"]["tasks"], conflict["to"]["tasks"]) == ([40, 40], [1, 20])

    refused = send(marks, paper, raw)
    assert (refused.status_code, refused.json["refused"]) == (422, looked["refused"])
    assert line_of(marks, paper, "0003")["tasks"] == [None, None]

    taken = send(marks, paper, raw, seen=looked["cursor"])
    assert taken.status_code == 200
    assert line_of(marks, paper, "0001")["tasks"] == [1, 20]


def test_what_changes_between_look_and_import_is_refused(
    marks: ServiceUnderTest, paper: str
) -> None:
    raw = as_csv(marked("0001", 1, 2), marked("0003", 3, 4))
    looked = send(marks, paper, raw, dry_run="true").json
    assert looked is not None
    put(marks, paper, "0001", {"tasks": [9, 9]})
    refused = send(marks, paper, raw, seen=looked["cursor"])
    assert (refused.status_code, pointers(refused)) == (422, ["/lines/2/candidate_no"])
    assert line_of(marks, paper, "0001")["tasks"] == [9, 9]
    assert line_of(marks, paper, "0003")["tasks"] == [None, None]


def test_a_submitted_mark_is_no_matter_of_files(marks: ServiceUnderTest, paper: str) -> None:
    make_submission(marks, paper)
    same = send(marks, paper, export(marks, paper).data)
    assert (same.status_code, same.json["changes"]) == (200, [])
    raw = as_csv(marked("0001", 1, 1))
    (conflict,) = send(marks, paper, raw, dry_run="true").json["refused"]
    assert conflict["candidate_no"] == "0001"
    assert send(marks, paper, raw, seen="99").status_code == 422
    assert line_of(marks, paper, "0001")["tasks"] == [15, 20]


@pytest.mark.parametrize(("kind", "place"), [("csv", "Line 2"), ("xlsx", "Cell D2")])
def test_a_total_that_is_not_the_sum_is_pointed_out(
    marks: ServiceUnderTest, paper: str, kind: str, place: str
) -> None:
    rows = marked("0003", 1, 2, total=4), marked("0004", 1, 2, total=3)
    told = send(marks, paper, MAKERS[kind](*rows))
    assert told.status_code == 200
    (odd,) = told.json["odd"]
    assert (odd["candidate_no"], odd["line"]) == ("0003", 2)
    assert odd["detail"] == f"{place}, total: The total in the file is not the sum of the tasks."


def test_outcomes_are_imported_as_the_paper_writes_them(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks, tasks=None, outcomes=OUTCOMES)
    make_sheet(marks, paper, "0001")
    rows = rows_of_export(marks, paper, "xlsx")
    rows[0]["outcome"] = "merit"
    assert send(marks, paper, as_workbook(*rows)).status_code == 200
    assert line_of(marks, paper, "0001")["outcome"] == "Merit"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_two_thousand_rows_are_one_transaction(marks: ServiceUnderTest, kind: str) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, *(f"{number:04d}" for number in range(MANY)))
    rows = rows_of_export(marks, paper, kind)
    for number, row in enumerate(rows):
        row |= {"task_1": number % 41, "task_2": 1}
    bad = MAKERS[kind](*rows[:-1], rows[-1] | {"task_2": 41})
    assert pointers(send(marks, paper, bad)) == [f"/lines/{MANY + 1}/task_2"]
    assert read(marks, paper, show="marked")["total"] == 0

    with counted(marks.database) as statements:
        assert send(marks, paper, MAKERS[kind](*rows)).status_code == 200
    assert len(statements) < 15
    assert read(marks, paper, show="marked")["total"] == MANY
    with marks.transaction() as session:
        assert len(rows_of(session, MarkChange)) == MANY
