"""The candidate details report as a page of its paper."""

import re
from html import unescape
from typing import Any

import pytest

from tests.support.gateway import APPOINTEE, Browser, FakeServices, problem
from tests.support.sheet_answers import AT, CENTRE, MARKS, PAGES, TITLE, Json, SheetAnswers, paper

REPORT = f"/api/reports{PAGES}/candidate-details"
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>")
ANGLE = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
BACK = f"{ANGLE} Back to the papers"
NO_MARK = {"mark": None, "original_mark": None}


def row(**changes: Any) -> Json:
    return {
        "candidate_no": "0001",
        "name": "ŴYN <b> : SIÂN",
        "dob": "2015-12-31",
        "mark": 30,
        "original_mark": 30,
        "amended": False,
        "code": None,
        "outcome": None,
        "initials": "AB",
        "sample": "No",
        "moderated": None,
    } | changes


@pytest.fixture
def said(answers: SheetAnswers) -> Json:
    """What the service says, to be changed by a test; marks says what the paper is."""
    answers.paper(paper())
    known = {name: paper()[name] for name in ("id", "code", "full_title", "tasks", "maximum")}
    return {"paper": known, "submitted_at": AT, "as_of": AT, "rows": [row()]}


def drawn(browser: Browser, fake: FakeServices, said: Json) -> str:
    """The page, for who is signed in."""
    fake.says("GET", REPORT, said)
    answer = browser.get(f"{PAGES}/report")
    assert answer.status_code == 200
    return answer.text


def table(page: str) -> list[list[str]]:
    """Heads and rows, each cell with its markup."""
    return [CELL.findall(line) for line in ROW.findall(page)]


def test_the_report_has_the_head_and_the_tabs_of_its_paper(
    browser: Browser, fake: FakeServices, said: Json
) -> None:
    raw = drawn(browser.sign_in(), fake, said)
    assert "<i>" not in raw
    page = unescape(raw)
    for part in (
        "<h1>CANDIDATE DETAILS REPORT</h1>",
        f"<strong>{TITLE}</strong> <span>Centre {CENTRE}</span>",
        f'<a href="{PAGES}/marksheet">Marksheet</a>',
        f'<a href="{PAGES}/report" aria-current="page">Report</a>',
        f'<a href="/centres/{CENTRE}/papers">{BACK}</a>',
        "Submitted on 02/05/2031",
        "As of 02/05/2031\N{NO-BREAK SPACE}10:15",
        "data-print hidden>Print this report</button>",
        f'href="{REPORT}?format=pdf" download>Download as PDF</a>',
        f'href="{REPORT}?format=xlsx" download>Download as Excel</a>',
        f'href="{REPORT}?format=csv">Download as CSV</a>',
    ):
        assert part in page


def test_it_lists_the_candidates_as_the_service_does(
    browser: Browser, fake: FakeServices, said: Json
) -> None:
    said["rows"] += [row(candidate_no="0002", name="JONES : ANN", dob=None, sample="Further")]
    page = drawn(browser.sign_in(), fake, said)
    assert "<b>" not in page
    heads, *lines = table(page)
    assert [re.sub("<[^>]+>", "", head) for head in heads] == [
        *("#", "Cand No.", "Cand Name", "DOB", "Mark (Max: 100)", "Teacher Initials", "Sample"),
    ]
    assert [[unescape(cell) for cell in line] for line in lines] == [
        ["1", "0001", "ŴYN <b>\xa0: SIÂN", "31/12/2015", "30", "AB", "No"],
        ["2", "0002", "JONES\xa0: ANN", "", "30", "AB", "Further"],
    ]


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        (NO_MARK, ""),
        ({"mark": 0, "original_mark": 0}, "0"),
        (NO_MARK | {"code": "A"}, "A"),
        (NO_MARK | {"outcome": "Merit"}, "Merit"),
        (
            {"amended": True, "mark": 35},
            '<s>30</s> <strong class="amended">35</strong> (amended)',
        ),
        (
            {"amended": True, "mark": 0},
            '<s>30</s> <strong class="amended">0</strong> (amended)',
        ),
        ({"amended": True}, '<strong class="amended">30</strong> (amended)'),
    ],
)
def test_a_mark_is_told_and_an_amended_one_in_words(
    browser: Browser, fake: FakeServices, said: Json, changes: Json, shown: str
) -> None:
    said["rows"] = [row(**changes)]
    _heads, line = table(drawn(browser.sign_in(), fake, said))
    assert line[4] == shown


def test_of_outcomes_there_is_no_highest_mark(
    browser: Browser, fake: FakeServices, said: Json
) -> None:
    said["paper"] |= {"tasks": None, "maximum": None}
    said["rows"] = [row(**NO_MARK, outcome="Merit")]
    page = drawn(browser.sign_in(), fake, said)
    assert table(page)[0][4] == "Outcome"
    assert '<td data-label="Outcome">Merit</td>' in page


def test_what_counts_after_moderation_has_a_column_once_it_is_told(
    browser: Browser, fake: FakeServices, said: Json
) -> None:
    assert "After moderation" not in drawn(browser.sign_in(), fake, said)
    said["rows"] = [row(moderated=0), row(candidate_no="0002")]
    heads, first, second = table(drawn(browser, fake, said))
    assert (heads[7], first[7], second[7]) == ("After moderation", "0", "")


def test_before_the_submission_it_says_why_there_are_no_marks(
    browser: Browser, fake: FakeServices, said: Json
) -> None:
    said |= {"submitted_at": None, "as_of": None}
    page = drawn(browser.sign_in(), fake, said)
    assert "Not submitted yet" in page
    assert "As of" not in page


def test_without_marks_it_has_no_tabs(
    browser: Browser, fake: FakeServices, answers: SheetAnswers, said: Json
) -> None:
    answers.down(MARKS)
    page = drawn(browser.sign_in(), fake, said)
    assert 'class="paper-links"' not in page
    assert TITLE in unescape(page)
    assert "0001" in page


def test_a_moderator_goes_back_to_the_allocations(
    browser: Browser, fake: FakeServices, said: Json
) -> None:
    page = drawn(browser.sign_in(APPOINTEE), fake, said)
    assert f'<a href="/allocations">{ANGLE} Back to your allocations</a>' in page


@pytest.mark.parametrize(("status", "said"), [(404, "Not found"), (503, "Not available now")])
def test_a_refused_report_is_a_page(
    browser: Browser, fake: FakeServices, status: int, said: str
) -> None:
    fake.answers["GET", REPORT] = problem(status, "x")
    page = browser.sign_in().get(f"{PAGES}/report")
    assert (page.status_code, said in page.text) == (status, True)
    assert page.content_type == "text/html; charset=utf-8"
