"""The candidate details report, by the contract: its members and its formats."""

import csv
import io
from html.parser import HTMLParser

import pytest

from tests.integration.conftest import Accounts, Allocate, MakeSheet
from tests.support import shapes
from tests.support.api import ENTRY_COLUMNS
from tests.support.refusals import refused
from tests.support.sheet import Sheet
from tests.support.waiting import wait_for

ROW: dict[str, shapes.Kind] = {
    "candidate_no": str,
    "name": str,
    "dob": str,
    "tasks": shapes.LIST_OR_NULL,
    "mark": shapes.WHOLE_OR_NULL,
    "code": shapes.TEXT_OR_NULL,
    "outcome": shapes.TEXT_OR_NULL,
    "initials": str,
    "sample": str,
}
HOSTILE = '=HYPERLINK("http://evil.example")'


def ready(sheet: Sheet) -> Sheet:
    """Once the report has heard of all candidates."""
    path = f"{sheet.reports}/candidate-details"
    candidates = len(sheet.candidates())

    def there() -> bool:
        report = sheet.api.get(path)
        return report.status == 200 and len(report.json["rows"]) == candidates

    wait_for("the report is there", there)
    return sheet


@pytest.fixture(scope="module")
def submitted(accounts: Accounts, make_sheet: MakeSheet) -> Sheet:
    """0001 marked, 0002 absent, 0003 zero, 0004 with a name a spreadsheet would run."""
    tasks = [{"name": "Portfolio", "max": 60}, {"name": "Log", "max": 20}]
    sheet = make_sheet(3, tasks=tasks, initials_required=True)
    code = sheet.paper()["code"]
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    line = f"JUNE 2031,GCSE,{sheet.centre_no},{code},0004,,{quoted},<b>Siân</b>,2014-12-31,,A"
    file = f"{ENTRY_COLUMNS}\n{line}\n"
    accounts["board"].post_csv("/api/marks/imports/entries", file).expect(200)
    sheet.saved("0001", tasks=[50, 20], initials="GT")
    sheet.saved("0002", code="A")
    sheet.saved("0003", tasks=[0, 0], initials="GT")
    sheet.saved("0004", tasks=[1, 2], initials="MP")
    ready(sheet)
    sheet.submit()
    wait_for("the report has the sample", lambda: sheet.report()["rows"][0]["sample"] == "Yes")
    wait_for("the report has the marks", lambda: sheet.report()["submitted_at"])
    return sheet


def test_before_the_submission_it_has_no_marks(make_sheet: MakeSheet) -> None:
    sheet = ready(make_sheet(2))
    sheet.saved("0001", tasks=[50])
    report = sheet.report()
    assert report["submitted_at"] is None
    assert [row["mark"] for row in report["rows"]] == [None, None]


def test_its_members(submitted: Sheet) -> None:
    report = submitted.report()
    shapes.check(report, paper=dict, centre_no=str, submitted_at=str, rows=list)
    assert shapes.is_instant(report["submitted_at"])
    assert report["centre_no"] == submitted.centre_no
    assert report["paper"]["full_title"] == submitted.paper()["full_title"]
    for row in report["rows"]:
        shapes.check(row, **ROW)
        assert shapes.is_day(row["dob"])


def test_its_rows(submitted: Sheet) -> None:
    rows = submitted.report()["rows"]
    told = [
        tuple(row[name] for name in ("candidate_no", "mark", "code", "initials", "sample"))
        for row in rows
    ]
    assert told == [
        ("0001", 70, None, "GT", "Yes"),
        ("0002", None, "A", "", "No"),
        ("0003", 0, None, "GT", "No"),
        ("0004", 3, None, "MP", "Yes"),
    ]
    assert rows[0]["tasks"] == [50, 20]
    assert (rows[3]["name"], rows[3]["dob"]) == (f"{HOSTILE} : <b>Siân</b>", "2014-12-31")


def test_as_csv(submitted: Sheet) -> None:
    answer = submitted.api.get(f"{submitted.reports}/candidate-details?format=csv")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = [*csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))]
    assert [line[0] for line in lines] == ["candidate_no", "0001", "0002", "0003", "0004"]
    assert not any(cell.startswith(("=", "+", "@")) for line in lines for cell in line)


class Elements(HTMLParser):
    """The names of the elements of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_as_a_page(submitted: Sheet) -> None:
    answer = submitted.api.get(f"{submitted.reports}/candidate-details?format=html")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    page = Elements(answer.content.decode())
    assert submitted.paper()["full_title"] in page.text
    assert f"{HOSTILE} : <b>Siân</b>" in page.text
    assert "b" not in page.names


@pytest.mark.parametrize("kind", ["nonsense", "", "JSON", "xml"])
def test_no_such_format(submitted: Sheet, kind: str) -> None:
    path = f"{submitted.reports}/candidate-details?format={kind}"
    refused(submitted.api.get(path), 422, "/format")


@pytest.mark.parametrize(
    ("kind", "media", "begins"),
    [("pdf", "application/pdf", b"%PDF-"), ("xlsx", "application/vnd.openxmlformats", b"PK")],
)
def test_as_a_file(submitted: Sheet, kind: str, media: str, begins: bytes) -> None:
    answer = submitted.api.get(f"{submitted.reports}/candidate-details?format={kind}")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith(media)
    assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')
    assert answer.content.startswith(begins)


def test_a_moderator_reports_and_the_centre_sees_nothing_of_it(
    submitted: Sheet, allocate: Allocate
) -> None:
    moderators = allocate(submitted)
    path = f"{submitted.reports}/moderator-report"
    sections = {"tasks": "Well chosen.", "accuracy": "In order.", "administration": "On time."}
    written = {"sections": sections, "outcome": "accepted"}
    wait_for("allocated", lambda: moderators.api.call("PUT", path, written).status in {200, 201})
    report = moderators.api.get(path).expect(200)
    assert (report["sections"], report["outcome"]) == (sections, "accepted")
    refused(submitted.api.get(path), 404)
    refused(submitted.api.call("PUT", path, written), 403)


def test_json_is_what_comes_unasked(submitted: Sheet) -> None:
    path = f"{submitted.reports}/candidate-details"
    assert submitted.api.get(path).json == submitted.api.get(f"{path}?format=json").json


def test_an_outcome_is_reported(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(2, tasks=None, outcomes=["Merit", "Pass"], sample_policy="per-outcome")
    sheet.saved("0001", outcome="Merit")
    sheet.saved("0002", outcome="Not classified")
    sheet.submit()
    ready(sheet)
    wait_for("the report has the marks", lambda: sheet.report()["submitted_at"])
    rows = sheet.report()["rows"]
    assert [(row["outcome"], row["mark"], row["tasks"]) for row in rows] == [
        ("Merit", None, None),
        ("Not classified", None, None),
    ]


def test_a_correction_counts(make_sheet: MakeSheet, allocate: Allocate) -> None:
    sheet = make_sheet(1)
    sheet.fill_all()
    moderator = allocate(sheet).api
    sheet.submit()
    wait_for("allocated", lambda: moderator.get(f"{sheet.path}/marksheet").status == 200)
    slip = {"candidate_no": "0001", "total": 61, "reason": "Slip"}
    moderator.post(f"{sheet.path}/clerical-errors", slip).expect(201)
    ready(sheet)
    wait_for("the report has it", lambda: sheet.report()["rows"][0]["mark"] == 61)
    seen = sheet.seen_by(moderator)
    wait_for("the moderator's, too", lambda: seen.report()["rows"][0]["mark"] == 61)
