"""The candidate details report as a workbook."""

import io
from datetime import date, datetime

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.service import ServiceUnderTest, admin_of
from tests.unit.reports.builders import CENTRE, DETAILS, enter, entry, mark, submit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet_of(service: ServiceUnderTest) -> Worksheet:
    answer = service.call("GET", f"{DETAILS}?format=xlsx", admin_of(CENTRE))
    assert (answer.status_code, answer.content_type) == (200, XLSX)
    named = 'attachment; filename="candidate-details-68101-3700u1-june-2031.xlsx"'
    assert answer.headers["Content-Disposition"] == named
    (sheet,) = load_workbook(io.BytesIO(answer.data)).worksheets
    return sheet


def test_the_rows_are_those_of_the_report(service: ServiceUnderTest) -> None:
    enter(service, entry("0001", surname="O'NEILL-ŴYN"), entry("0002"))
    submit(service, mark("0001", 10, 20), mark("0002", code="A", initials=""))
    heads, *rows = sheet_of(service).iter_rows(values_only=True)
    assert heads == (
        *("candidate_no", "name", "dob", "task_1", "task_2"),
        *("mark", "code", "outcome", "teacher_initials", "sample"),
    )
    first, second = rows
    assert first[:2] == ("0001", "O'NEILL-ŴYN : Siân")
    assert isinstance(first[2], datetime)
    assert first[2].date() == date(2015, 12, 31)
    assert first[3:] == (10, 20, 30, None, None, "AB", "No")
    assert second[3:] == (None, None, None, "A", None, None, "No")


@pytest.mark.parametrize("surname", ["=1+1", "+44", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_name_is_ever_a_formula(service: ServiceUnderTest, surname: str) -> None:
    enter(service, entry("0001", surname=surname))
    cell = sheet_of(service).cell(row=2, column=2)
    assert (cell.data_type, cell.value) == ("s", f"{surname} : Siân")
    assert cell.quotePrefix
