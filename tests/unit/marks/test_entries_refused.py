"""An entries file with anything wrong in it changes nothing, and every fault is named."""

import pytest

from shared.web.routes import CSV_LIMIT
from tests.support.service import ServiceUnderTest
from tests.unit.marks.builders import (
    make_paper,
)
from tests.unit.marks.entry_files import NOTHING, candidates, cursors, entered, file, row, send


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    return make_paper(marks)


@pytest.mark.usefixtures("paper")
def test_one_bad_line_among_5000_changes_nothing(marks: ServiceUnderTest) -> None:
    rows = [row(number) for number in range(5000)]
    rows[3210] = row(3210, dob="29/03/2015")
    answer = send(marks, file(*rows))
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    (error,) = answer.json["errors"]
    assert error["pointer"] == "/lines/3212/dob"
    assert error["detail"].startswith("Line 3212, dob: ")
    assert (candidates(marks), cursors(marks), marks.emitted()) == ([], {}, [])
    assert send(marks, entered(range(5000))).json == NOTHING | {"added": 5000}


REFUSED = {
    "a series without papers": (row(1, series="MAY 2031"), "series"),
    "no series": (row(1, series="Summer"), "series"),
    "an unknown paper": (row(1, paper_code="3700U9"), "paper_code"),
    "a paper of another series": (row(1, paper_code="1111"), "paper_code"),
    "another qualification": (row(1, qualification="GCE"), "qualification"),
    "a centre with 4 digits": (row(1, centre_no="6810"), "centre_no"),
    "a candidate with 5 digits": (row("00001"), "candidate_no"),
    "a short UCI": (row(1, uci="123"), "uci"),
    "no surname": (row(1, surname=" "), "surname"),
    "a birth date to come": (row(1, dob="2999-01-01"), "dob"),
    "an unknown action": (row(1, action="X"), "action"),
    "withdrawing nobody": (row(1, action="W"), "candidate_no"),
    "the same candidate again": (row(7), "candidate_no"),
    "values missing": ("JUNE 2031,GCSE", ""),
}


@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize(("line", "column"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_a_bad_line_is_named(marks: ServiceUnderTest, line: str, column: str, query: str) -> None:
    make_paper(marks, code="1111", series_month="NOVEMBER")
    answer = send(marks, file(row(7), line), query)
    assert answer.status_code == 422
    pointer = f"/lines/3/{column}".rstrip("/")
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert (candidates(marks), cursors(marks), marks.emitted()) == ([], {}, [])


@pytest.mark.usefixtures("paper")
def test_every_bad_line_is_named_in_order(marks: ServiceUnderTest) -> None:
    rows = [row(1, action="W"), row(2, dob=""), row(3), row(4, paper_code="NONE"), row(5, uci="1")]
    answer = send(marks, file(*rows))
    assert answer.status_code == 422
    assert answer.json["detail"] == "4 lines of the file are wrong."
    pointers = [error["pointer"] for error in answer.json["errors"]]
    assert pointers == [
        "/lines/2/candidate_no",
        "/lines/3/dob",
        "/lines/5/paper_code",
        "/lines/6/uci",
    ]


@pytest.mark.parametrize("content", [b"", b"\n", b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_a_file_without_the_columns_is_refused(marks: ServiceUnderTest, content: bytes) -> None:
    answer = send(marks, content)
    assert answer.status_code == 422
    assert {error["pointer"].split("/")[2] for error in answer.json["errors"]} == {"1"}


def test_other_types_and_larger_files_are_refused(marks: ServiceUnderTest) -> None:
    assert send(marks, b"{}", content_type="application/json").status_code == 415
    assert send(marks, b"", "?dry_run=perhaps").status_code == 422
    assert send(marks, b"x" * (CSV_LIMIT + 1)).status_code == 413
