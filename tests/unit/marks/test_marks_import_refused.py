"""Files of marks that are refused: every bad line is named, and nothing is changed."""

from typing import Any

import pytest

from services.marks.domain.marking import Mark
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of, teacher_of
from tests.unit.marks.builders import (
    CENTRE,
    OTHER_CENTRE,
    make_paper,
    make_sheet,
)
from tests.unit.marks.mark_files import as_csv, as_workbook, send
from tests.unit.marks.sheets import (
    ADMIN,
    pointers,
    read,
    sheet_path,
)

MAKERS = {"csv": as_csv, "xlsx": as_workbook}


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


BAD = {
    "above the maximum": (marked("0003", 41, 1), "task_1"),
    "negative": (marked("0003", -1, 1), "task_1"),
    "a fraction": (marked("0003", 1.5, 1), "task_1"),
    "not a number": (marked("0003", "x", 1), "task_1"),
    "an unknown code": (marked("0003", code="B"), "code"),
    "an outcome on a paper of marks": (marked("0003", outcome="Pass"), "outcome"),
    "initials that are none": (marked("0003", 1, 1, teacher_initials="1"), "teacher_initials"),
    "a code beside marks": (marked("0003", 1, 1, code="A"), "task_1"),
    "nobody of this sheet": (marked("0005", 1, 1), "candidate_no"),
    "withdrawn": (marked("0009", 1, 1), "candidate_no"),
    "no candidate": (marked("", 1, 1), "candidate_no"),
    "another series": (marked("0003", 1, 1, series="MAY 2031"), "series"),
    "another centre": (marked("0003", 1, 1, centre_no="68102"), "centre_no"),
    "another paper": (marked("0003", 1, 1, paper_code="9999"), "paper_code"),
    "another qualification": (marked("0003", 1, 1, qualification="GCE"), "qualification"),
    "a version that is none": (marked("0003", 1, 1, version="new"), "version"),
}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("dry_run", ["true", "false"])
@pytest.mark.parametrize(("bad", "column"), BAD.values(), ids=BAD)
def test_one_bad_line_changes_nothing_and_is_named(
    marks: ServiceUnderTest, paper: str, bad: dict[str, Any], column: str, kind: str, dry_run: str
) -> None:
    before = read(marks, paper)
    extra = dict.fromkeys(bad.keys() - marked("").keys())
    raw = MAKERS[kind](marked("0004", 1, 2) | extra, bad)
    refused = send(marks, paper, raw, dry_run=dry_run)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"] == f"/lines/3/{column}"
    letter = "ABCDEFGH"[list(bad).index(column)]
    named = f"Cell {letter}3, {column}:" if kind == "xlsx" else f"Line 3, {column}:"
    assert refused.json["errors"][0]["detail"].startswith(named)
    assert read(marks, paper) == before


HEADERS = {
    "a task is missing": (b"candidate_no,task_1\n0003,1\n", "/lines/1/task_2"),
    "no candidate": (b"task_1,task_2\n1,1\n", "/lines/1/candidate_no"),
    "unknown": (b"candidate_no,task_1,task_2,task_3\n", "/lines/1"),
    "twice": (b"candidate_no,task_1,task_2,task_1\n", "/lines/1/task_1"),
    "nothing": (b"", "/lines/1/candidate_no"),
    "a quote": (b'candidate_no,task_1,task_2\n"0003,1,1\n', "/lines/2"),
    "too few": (b"candidate_no,task_1,task_2\n0003,1\n", "/lines/2"),
    "too many": (b"candidate_no,task_1,task_2\n0003,1,1,1\n", "/lines/2"),
    "twice the same": (
        b"candidate_no,task_1,task_2\n0003,1,1\n0003,2,2\n",
        "/lines/3/candidate_no",
    ),
    "not UTF-8": (b"candidate_no,task_1,task_2\n0003,\xff,1\n", "/lines/2/task_1"),
    "a damaged workbook": (b"PK\x03\x04 and no more", ""),
}


@pytest.mark.parametrize(("raw", "pointer"), HEADERS.values(), ids=HEADERS)
def test_a_file_that_is_none_is_refused(
    marks: ServiceUnderTest, paper: str, raw: bytes, pointer: str
) -> None:
    answer = send(marks, paper, raw)
    assert (answer.status_code, pointers(answer)[0]) == (422, pointer)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 401),
        (admin_of(OTHER_CENTRE), 404),
        (MODERATOR, 404),
        (teacher_of(CENTRE, iamis=False), 403),
        (BOARD, 403),
        (teacher_of(CENTRE), 200),
    ],
)
def test_who_may_import(marks: ServiceUnderTest, paper: str, who: Any, status: int) -> None:
    raw = as_csv(marked("0003", 1, 1))
    assert send(marks, paper, raw, who).status_code == status


def test_another_content_type_is_refused(marks: ServiceUnderTest, paper: str) -> None:
    path = sheet_path(paper, "imports/marks")
    answer = marks.call("POST", path, ADMIN, data=b"{}", content_type="application/json")
    assert answer.status_code == 415
