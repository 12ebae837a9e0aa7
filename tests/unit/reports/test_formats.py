"""The report as page and as CSV, and formats there are not."""

import csv
import io
import re

import pytest
from werkzeug.test import TestResponse

from services.reports.api.details import ReportFormat
from services.reports.render.replies import REPLIES
from tests.guards.page import Page
from tests.support.service import ServiceUnderTest, admin_of
from tests.unit.reports.builders import (
    CENTRE,
    DETAILS,
    OUTCOMES,
    SHEET,
    clerical_error,
    enter,
    entry,
    mark,
    sample,
    submit,
)


def wanted(service: ServiceUnderTest, form: str, language: str = "en") -> TestResponse:
    return service.call("GET", f"{DETAILS}?format={form}&lang={language}", admin_of(CENTRE))


@pytest.fixture
def amended(service: ServiceUnderTest) -> ServiceUnderTest:
    """Three candidates, one amended and one absent, with names that try to do harm."""
    enter(service, entry("0001"), entry("0002", surname="<b>WYN"), entry("0003", surname="=1+1"))
    submit(service, mark("0001", 10, 20), mark("0002", 0, 0), mark("0003", code="A", initials=""))
    service.deliver("clerical_error.recorded.v1", SHEET, clerical_error("0001", 35, [15, 20]))
    service.deliver("sample.generated.v1", SHEET, sample(("0001", "system"), ("0002", "centre")))
    return service


def cells(html: str) -> list[list[str]]:
    """The table's rows, each cell without its tags."""
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)]
        for row in rows
    ]


def test_the_page_has_the_columns_of_the_guide(amended: ServiceUnderTest) -> None:
    answer = wanted(amended, "html")
    assert answer.content_type == "text/html; charset=utf-8"
    assert cells(answer.text) == [
        ["#", "Cand No.", "Cand Name", "DOB", "Mark (Max: 80)", "Teacher Initials", "Sample"],
        ["1", "0001", "SURNAME0001 : Siân", "31/12/2015", "30 35 (amended)", "AB", "Yes"],
        ["2", "0002", "&lt;b&gt;WYN : Siân", "31/12/2015", "0", "AB", "Added"],
        ["3", "0003", "=1+1 : Siân", "31/12/2015", "A", "", "No"],
    ]
    assert '<s>30</s> <strong class="amended">35</strong> (amended)' in answer.text


@pytest.mark.parametrize(
    "part",
    [
        "<!doctype html>",
        '<html lang="en">',
        "<h1>CANDIDATE DETAILS REPORT</h1>",
        ">GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)<",
        ">CENTRE: 68101<",
        ">Submitted on 01/05/2031<",
        ">Print this report</button>",
        '<meta name="color-scheme" content="light dark">',
        '<link rel="stylesheet" href="/static/report.css">',
        'href="/static/dark.css" media="screen and (prefers-color-scheme: dark)">',
        '<script type="module" src="/static/report.js"></script>',
        "<caption",
    ],
)
def test_the_page_has_what_the_guide_shows(amended: ServiceUnderTest, part: str) -> None:
    page = wanted(amended, "html").text
    assert page.startswith("<!doctype html>")
    assert part in page


def test_the_page_says_when_nothing_is_submitted(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"))
    assert "Not submitted yet" in wanted(service, "html").text


def test_the_page_tells_its_language(amended: ServiceUnderTest) -> None:
    assert '<html lang="cy">' in wanted(amended, "html", "cy").text


def test_the_page_of_outcomes(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"), **OUTCOMES)
    submit(service, mark("0001", outcome="Merit"))
    heads, row = cells(wanted(service, "html").text)
    assert (heads[4], row[4]) == ("Outcome", "Merit")


def test_the_page_allows_only_the_gateway_s_style_and_script(amended: ServiceUnderTest) -> None:
    answer = wanted(amended, "html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = Page(answer.text)
    assert page.inline == page.foreign == []


def test_every_head_says_what_it_heads(amended: ServiceUnderTest) -> None:
    page = wanted(amended, "html").text
    assert page.count('<th scope="col"') == 7
    assert page.count('<th scope="row"') == 3
    assert page.count("<th ") == page.count("<th scope=")


def read_csv(answer: TestResponse) -> list[list[str]]:
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_csv(amended: ServiceUnderTest) -> None:
    answer = wanted(amended, "csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    heads = "candidate_no,name,dob,task_1,task_2,mark,code,outcome,teacher_initials,sample"
    assert read_csv(answer) == [
        heads.split(","),
        ["0001", "SURNAME0001 : Siân", "2015-12-31", "15", "20", "35", "", "", "AB", "Yes"],
        ["0002", "<b>WYN : Siân", "2015-12-31", "0", "0", "0", "", "", "AB", "Added"],
        ["0003", "'=1+1 : Siân", "2015-12-31", "", "", "", "A", "", "", "No"],
    ]


def test_the_csv_of_outcomes_has_no_tasks_and_a_safe_file_name(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"), code="9791/01", **OUTCOMES)
    submit(service, mark("0001", outcome="Merit"))
    answer = wanted(service, "csv")
    named = 'attachment; filename="candidate-details-68101-9791-01-june-2031.csv"'
    assert answer.headers["Content-Disposition"] == named
    assert read_csv(answer)[1] == [
        *("0001", "SURNAME0001 : Siân", "2015-12-31"),
        *("", "", "Merit", "AB", "No"),
    ]


def test_the_csv_of_two_thousand_candidates_comes_in_pieces(service: ServiceUnderTest) -> None:
    enter(service, *(entry(f"{number:04}") for number in range(2000)))
    answer = wanted(service, "csv")
    assert len(read_csv(answer)) == 2001
    assert "Content-Length" not in answer.headers


@pytest.mark.parametrize("form", ["docx", "HTML", "", "../x"])
def test_a_format_there_is_not(service: ServiceUnderTest, form: str) -> None:
    enter(service, entry("0001"))
    answer = wanted(service, form)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    (error,) = (answer.json or {})["errors"]
    assert error["pointer"] == "/format"
    assert all(there in error["detail"] for there in ("json", "html", "pdf", "csv", "xlsx"))


def test_every_format_that_may_be_asked_for_is_made() -> None:
    schema = ReportFormat.model_json_schema()
    assert schema["properties"]["format"]["enum"] == list(REPLIES)
