"""How far everybody is: the pages of the board and of the exams officer, and their plots."""

import re
from datetime import datetime
from html import unescape

import pytest

from services.gateway.plots import course
from shared import clock
from tests.support.gateway import BOARD_STAFF, Browser, FakeServices, problem
from tests.support.sheet_answers import AT, CENTRE, PAGES, TITLE, Json, paper

SERIES = {"series": [{"series": {"month": "JUNE", "year": 2031}, "papers": 1}]}
SHEET = {
    "centre_no": CENTRE,
    "paper_id": "p1",
    "state": "under_way",
    "left": 1,
    "candidates": 3,
    "submitted_at": None,
    "overdue": True,
    "late": False,
    "clerical_errors": 2,
    "moderated": False,
}
COUNTED: Json = {
    "paper": paper(marks_deadline="2031-05-05"),
    "sheets": [SHEET, SHEET | {"state": "submitted", "submitted_at": AT, "overdue": False}],
    "days": [{"day": "2031-05-01", "submitted": 1}, {"day": "2031-05-02", "submitted": 2}],
    "marks": [
        {"mark": 0, "outcome": None, "candidates": 2, "sampled": 1},
        {"mark": 7, "outcome": None, "candidates": 5, "sampled": 0},
    ],
    "statistics": {
        "candidates": 2,
        "mean": 0.0,
        "deviation": 0.0,
        "lowest": 0,
        "lower_quartile": 0,
        "median": 0,
        "upper_quartile": 0,
        "highest": 0,
    },
    "as_of": AT,
}


def read(browser: Browser, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200
    return unescape(page.text)


@pytest.fixture
def board(browser: Browser, fake: FakeServices) -> Browser:
    fake.says("GET", "/api/marks/series", SERIES)
    fake.says("GET", "/api/identity/centres", {"centres": [{"centre_no": CENTRE, "name": "Bryn"}]})
    fake.says("GET", "/api/marks/papers", {"papers": [paper()]})
    return browser.sign_in(BOARD_STAFF)


def test_the_board_sees_all_centres_of_a_series(board: Browser, fake: FakeServices) -> None:
    names = ("papers", "submitted", "overdue", "late", "left", "clerical_errors", "moderated")
    centre: Json = {name: 10 + place for place, name in enumerate(names)}
    answer = {"centres": [centre | {"centre_no": CENTRE}], "total": 1, "as_of": AT}
    fake.says("GET", "/api/marks/progress", answer)
    page = read(board, "/board/progress?series=NONE")
    for said in (
        f'<a href="/centres/{CENTRE}/progress">{CENTRE} Bryn</a>',
        '<td class="text-end" data-label="Overdue">12</td>',
        'href="/api/marks/progress?series=JUNE%202031&format=csv" download',
        'href="/board/papers/p1/progress"',
        'href="/api/marks/exports/marks?series=JUNE%202031&format=parquet" download',
        'href="/api/marks/statistics?series=JUNE%202031&format=csv" download',
        "As of 02/05/2031\N{NO-BREAK SPACE}10:15",
    ):
        assert said in page


def test_where_no_centre_has_entries_that_is_said(board: Browser, fake: FakeServices) -> None:
    fake.says("GET", "/api/marks/progress", {"centres": [], "total": 0, "as_of": None})
    page = read(board, "/board/progress")
    assert "No centre has entries yet" in page
    assert "<table" not in page


def test_without_a_series_there_is_nothing_to_count(board: Browser, fake: FakeServices) -> None:
    fake.says("GET", "/api/marks/series", {"series": []})
    assert "There is nothing here." in read(board, "/board/progress")


def test_the_board_sees_one_paper_with_its_plots(board: Browser, fake: FakeServices) -> None:
    fake.says("GET", "/api/marks/papers/p1/progress", COUNTED)
    page = read(board, "/board/papers/p1/progress")
    for said in (
        'aria-labelledby="course-title" aria-describedby="course-description"',
        '<title id="spread-title">Distribution of the marks</title>',
        "<title>0: 1 / 2</title>",
        "<title>01/05/2031: 1 / 2</title>",
        'text-anchor="end">5</text>',
        'text-anchor="middle">7</text>',
        'text-anchor="start">01/05/2031</text>',
        'text-anchor="end">05/05/2031</text>',
        '<strong class="text-danger">Overdue</strong>',
        "<dt>Standard deviation</dt>",
    ):
        assert said in page


def test_a_paper_nobody_has_submitted_has_no_plot(board: Browser, fake: FakeServices) -> None:
    nothing: Json = COUNTED | {"days": [], "marks": [], "statistics": None}
    fake.says("GET", "/api/marks/papers/p1/progress", nothing)
    page = read(board, "/board/papers/p1/progress")
    assert "No centre has submitted yet." in page
    assert "<svg viewBox" not in page


def test_of_one_day_and_one_mark_there_are_tables_alone(board: Browser, fake: FakeServices) -> None:
    one: Json = COUNTED | {"days": COUNTED["days"][:1], "marks": COUNTED["marks"][:1]}
    fake.says("GET", "/api/marks/papers/p1/progress", one)
    page = read(board, "/board/papers/p1/progress")
    assert "<svg viewBox" not in page
    assert "How many centres had submitted by each day" in page
    assert "How many have each mark" in page


def test_the_exams_officer_sees_what_is_left(
    browser: Browser, fake: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.fromisoformat("2031-05-02T12:00:00+00:00")
    monkeypatch.setattr(clock, "now", lambda: now)
    left = {"state": "under_way", "left": 2, "deadline_passed": False}
    listed = paper(marks_deadline="2031-05-07", **left)
    far = listed | {"id": "p3", "marks_deadline": "9031-05-07"}
    fake.says("GET", f"/api/marks/centres/{CENTRE}/papers", {"papers": [listed, far]})
    behind = {"paper_id": "p1", "teaching_set": "<10A>", "candidates": 3, "done": 1}
    other = behind | {"paper_id": "p2", "teaching_set": "10Z"}
    answer = {"sets": [behind, other], "as_of": AT}
    fake.says("GET", f"/api/marks/centres/{CENTRE}/progress", answer)
    candidates: list[Json] = [
        {"candidate_no": number, "missing": []} for number in ("0001", "0002")
    ]
    lacking: Json = {"paper_id": "p1", "candidates": candidates, "group": True}
    no_group = lacking | {"paper_id": "p3", "group": False}
    fake.says("GET", f"/api/uploads/centres/{CENTRE}/lacking", {"sheets": [lacking, no_group]})
    page = read(browser.sign_in(), f"/centres/{CENTRE}/progress")
    for said in (
        TITLE,
        'stacked.css" media="(max-width: 62rem)">',
        '<td class="one-line" data-label="State">Under way</td>',
        # Monday is the early May bank holiday.
        '<td data-label="Working days left">2</td>',
        '<td data-label="Working days left">\N{EN DASH}</td>',
        "<10A>: 2 of 3 left",
        ">0001, 0002, Group files</a>",
        ">0001, 0002</a>",
        "As of 02/05/2031\N{NO-BREAK SPACE}10:15",
    ):
        assert said in page
    assert "10Z" not in page


def test_a_teacher_is_refused(browser: Browser, fake: FakeServices) -> None:
    fake.answers["GET", f"/api/marks/centres/{CENTRE}/progress"] = problem(403, "forbidden")
    assert browser.sign_in().get(f"/centres/{CENTRE}/progress").status_code == 403


def test_the_marks_of_a_paper_are_drawn_with_the_sample(
    browser: Browser, fake: FakeServices
) -> None:
    marks = ((50, "Yes"), (50, "No"), (20, "Added"), (None, "No"))
    rows = [{"mark": mark, "sample": sample} for mark, sample in marks]
    report = {"paper": paper(), "rows": rows, "as_of": AT}
    fake.says("GET", f"/api/reports{PAGES}/candidate-details", report)
    fake.says("GET", f"/api/marks{PAGES}", paper())
    page = read(browser.sign_in(), f"{PAGES}/figures")
    for said in ("<title>50: 1 / 2</title>", "<title>20: 1 / 1</title>", "How many have each mark"):
        assert said in page


def test_the_outcomes_of_a_paper_are_counted_and_not_drawn(
    browser: Browser, fake: FakeServices
) -> None:
    given = (("Merit", "Yes"), ("Pass", "No"), ("Merit", "No"), ("Not classified", "No"))
    rows = [{"mark": None, "outcome": one, "sample": sample} for one, sample in given]
    by_outcome = paper(tasks=None, maximum=None, outcomes=["Merit", "Pass"])
    absent: Json = {"mark": None, "outcome": None, "sample": "No"}
    report = {"paper": by_outcome, "rows": [*rows, absent], "as_of": AT}
    fake.says("GET", f"/api/reports{PAGES}/candidate-details", report)
    fake.says("GET", f"/api/marks{PAGES}", by_outcome)
    page = read(browser.sign_in(), f"{PAGES}/figures")
    line = (
        r'<tr><th scope="row" class="text-end">(.*)</th>' + 2 * r'<td class="text-end">(\d+)</td>'
    )
    counted = [("Not classified", "1", "0"), ("Pass", "1", "0"), ("Merit", "2", "1")]
    assert re.findall(line, page) == counted
    assert "<svg viewBox" not in page


def test_the_course_goes_from_the_first_day_to_the_deadline() -> None:
    days = [{"day": "2031-05-01", "submitted": 1}, {"day": "2031-05-05", "submitted": 4}]
    plot = course(days, "2031-05-11", 4)
    assert plot is not None
    assert (plot.first, plot.last, plot.deadline) == ("01/05/2031", "11/05/2031", 100)
    assert plot.total == 4
    assert course(days[:1], "2031-05-11", 4) is None
    assert plot.steps == "M0 50H0V37.5H40V0H100"
    late = course(days, "2031-04-30", 8)
    assert late is not None
    assert (late.deadline, late.points[-1].x, late.points[-1].y) == (0, 100, 25)
