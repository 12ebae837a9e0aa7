"""The marksheet as it is drawn, by the state of the paper and by who looks at it."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Response

from tests.support.gateway import APPOINTEE, BOARD_STAFF, Browser, FakeServices, problem

from .sheets import (
    BY_OUTCOME,
    ODD,
    ONE_TASK,
    PAGE,
    SAMPLE,
    SAMPLED,
    SHEET,
    SUBMITTED,
    TWO_TASKS,
    Json,
    candidate,
    lay_down,
    marked,
    text_of,
)

HEAD = re.compile(r'<th [^>]*scope="col"[^>]*>(.*?)</th>', re.DOTALL)
ERROR = {
    "tasks": [15, 21],
    "total": 36,
    "by": "M. Moderator",
    "at": "2031-06-02T09:00:00+00:00",
    "reason": "<i>added wrongly",
}
LATE = {"state": "reopened", "done": 250, "left": 1, "candidates": 251, "submitted": 250}


def columns(page: str) -> list[str]:
    """Those of the marks: the preview of a paste has columns of its own."""
    return [text_of(head) for head in HEAD.findall(page.partition("</table>")[0])]


def cell(page: str, name: str) -> str:
    """The tag of the field with that name, or nothing."""
    found = re.search(rf'<(?:input|select)[^>]* name="{name}"[^>]*>', page)
    return found[0] if found else ""


def row(page: str, number: str) -> str:
    found = re.search(rf'<tr [^>]*id="c{number}".*?</tr>', page, re.DOTALL)
    assert found
    return found[0]


NUMBER_AND_NAME = ["Candidate No", "Name"]
TASKS = ["Task 1 (Max: 40)", "Task 2 (Max: 30)"]
COLUMNS: list[tuple[Json, object, list[str]]] = [
    (TWO_TASKS, None, [*TASKS, "Total", "Teacher Initials"]),
    (ONE_TASK, None, ["Mark (Max: 120)"]),
    (BY_OUTCOME, None, ["Outcome", "Code"]),
    (ONE_TASK | SUBMITTED, None, ["Mark (Max: 120)", "Clerical Error", "Sample"]),
    (
        TWO_TASKS | SUBMITTED,
        None,
        [
            TASKS[0],
            "Clerical Error Task 1 (Max: 40)",
            TASKS[1],
            "Clerical Error Task 2 (Max: 30)",
            "Total",
            "Clerical Error Total",
            "Teacher Initials",
            "Sample",
        ],
    ),
    (
        BY_OUTCOME | SUBMITTED | {"upload": "candidate"},
        None,
        ["Outcome", "Code", "Sample", "Upload"],
    ),
    (
        ONE_TASK | SUBMITTED | {"upload": "candidate"},
        APPOINTEE,
        ["Mark (Max: 120)", "Clerical Error", "Sample", "Evidence"],
    ),
    (ONE_TASK, BOARD_STAFF, ["Mark (Max: 120)"]),
]


COLUMN_RULES = [
    "a column for each task, the total, initials where the paper requires them",
    "one task has no total of its own",
    "an outcome, a code",
    "after submission the sample and the correction",
    "clerical-error columns for each task and the total",
    "the upload button of an upload paper",
    "a moderator looks at evidence",
    "the board looks at marks",
]


@pytest.mark.parametrize(("paper", "user", "expected"), COLUMNS, ids=COLUMN_RULES)
def test_the_columns(
    browser: Browser, fake: FakeServices, paper: Json, user: object, expected: list[str]
) -> None:
    browser.sign_in(user)
    lay_down(fake, paper, candidate())
    assert columns(browser.get(PAGE).text) == NUMBER_AND_NAME + expected


def test_a_marksheet_is_filled_in(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    lay_down(fake, TWO_TASKS, marked("1054", 0, 7, name=ODD), candidate("3268", code="A"))
    page = browser.get(PAGE).text
    assert f"<h1>{TWO_TASKS['full_title']} MARKSHEET</h1>" in page
    assert "12 of 250 done, 238 left" in page
    assert "<b>" not in page
    assert ODD.replace(" :", "\xa0:") in unescape(page)
    assert 'value="0"' in cell(page, "t0-1054")
    assert 'aria-labelledby="h-t1 n1054 m1054"' in cell(page, "t1-1054")
    assert 'value="AB"' in cell(page, "initials-1054")
    assert text_of(re.findall(r'id="total-[0-9]+">(.*?)<', page)[0]) == "7"
    assert 'value="A"' in cell(page, "t0-3268")
    assert row(page, "1054").count('data-state="saved"') == 3
    kept = re.findall(r'name="was-1054" value="([^"]*)"', page)
    assert unescape(kept[0]) == '{"version": 3, "t0": "0", "t1": "7", "initials": "AB"}'
    assert "carry forward" not in page


def test_only_linear_papers_speak_of_carrying_forward(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    lay_down(fake, TWO_TASKS | {"linear": True}, candidate())
    assert "You must enter C or CF in the mark column" in browser.get(PAGE).text


def test_an_outcome_is_chosen_from_a_list(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    lay_down(fake, BY_OUTCOME, candidate(tasks=None, outcome="Pass"))
    page = browser.get(PAGE).text
    assert cell(page, "outcome-1054").startswith("<select")
    assert "<option selected>Pass</option><option>Not classified</option>" in page
    assert "CF" not in text_of(row(page, "1054"))


@pytest.mark.parametrize("user", [BOARD_STAFF, APPOINTEE])
def test_others_only_read(browser: Browser, fake: FakeServices, user: object) -> None:
    browser.sign_in(user)
    lay_down(fake, TWO_TASKS | LATE, candidate("3268"), marked("1054", 1, 2, locked=True))
    fake.says("GET", SAMPLE, SAMPLED)
    page = browser.get(PAGE).text
    assert cell(page, "t0-3268") == cell(page, "t0-1054") == ""
    assert ("main.js" in page, "closed.js" in page) == (False, False)
    assert "Save" not in page
    assert 'name="add"' not in page
    clerical = "/centres/68101/papers/p1/candidates/1054/clerical-error"
    assert (clerical in page) == (user is APPOINTEE)
    assert "3268/clerical-error" not in page
    assert ('/moderator"' in page) == (user is BOARD_STAFF)


def test_of_a_reopened_paper_the_late_candidates_are_open(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    lay_down(fake, TWO_TASKS | LATE, candidate("3268"), marked("1054", 1, 2, locked=True))
    page = browser.get(PAGE).text
    assert cell(page, "t0-3268")
    assert not cell(page, "t0-1054")
    assert "main.js" in page


def test_a_correction_stands_beside_the_mark(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    by_total = ERROR | {"tasks": None, "total": 5}
    lay_down(
        fake,
        TWO_TASKS | SUBMITTED,
        marked("1054", 15, 12, locked=True, clerical_error=ERROR),
        marked("1055", 1, 2, locked=True, clerical_error=by_total),
    )
    page = browser.get(PAGE).text
    assert "<i>" not in page
    first = text_of(row(page, "1054"))
    assert "15 12 amended: 21 27 amended: 36" in first
    assert "<i>added wrongly (M. Moderator, 02/06/2031)" in first
    assert "1 2 3 amended: 5" in text_of(row(page, "1055"))


def test_the_sample_is_ticked_and_can_be_added_to(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    chosen = {"candidate_no": "1055", "chosen_by": "moderator", "reason": "asked for", "note": None}
    sample = SAMPLED | {
        "candidates": [chosen | {"due": "2031-06-10", "files": 0, "at": "2031-06-01T00:00:00Z"}],
        "notes": [{"by": "Ann", "at": "2031-06-01T09:00:00Z", "text": "<u>lost"}],
    }
    fake.says("GET", SAMPLE, sample)
    top = {"chosen_by": "system", "reason": "highest mark"}
    lay_down(
        fake,
        ONE_TASK | SUBMITTED | {"upload": "candidate"},
        marked("1054", 100, locked=True, sample=top),
        marked("1055", 90, locked=True),
        marked("1056", 80, locked=True),
        candidate("1057", tasks=[None], code="A", locked=True),
    )
    page = browser.get(PAGE).text
    assert "highest mark" in text_of(row(page, "1054"))
    assert "asked for, due 10/06/2031" in text_of(row(page, "1055"))
    assert re.findall(r'name="add" value="([0-9]+)"', page) == ["1056"]
    assert re.findall(r'href="[^"]*/evidence#c([0-9]+)"', page) == ["1054", "1055"]
    assert "<u>" not in page


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (problem(503, "unavailable"), "The sample: not available now"),
        (SAMPLED | {"state": "waiting"}, "Still to be submitted: HISTORY"),
        (SAMPLED | {"state": "none"}, "is being generated"),
    ],
)
def test_without_a_sample_the_marksheet_is_there_all_the_same(
    browser: Browser, fake: FakeServices, sample: Any, said: str
) -> None:
    browser.sign_in()
    fake.says(
        "GET",
        "/api/marks/centres/68101/papers",
        {"papers": [{"id": "p2", "full_title": "HISTORY", "state": "complete"}]},
    )
    if isinstance(sample, Response):
        fake.answers["GET", SAMPLE] = sample
    else:
        fake.says("GET", SAMPLE, sample)
    linked = ONE_TASK | SUBMITTED | {"linked": ["p2"]}
    lay_down(fake, linked, marked("1054", 100, locked=True))
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert said in text_of(page.text)
    assert "100" in text_of(row(page.text, "1054"))
    assert 'name="add"' not in page.text


@pytest.mark.parametrize(
    ("query", "changes", "said"),
    [
        ("search=wyn", {}, "No candidates match “wyn”"),
        ("show=unmarked", {"left": 0, "state": "complete"}, "No unmarked candidates are left"),
        ("show=marked", {}, "No candidate is marked yet"),
        ("show=samples", {}, "The sample is generated when the marks are submitted"),
        ("show=samples", SUBMITTED, "No candidate is in the sample yet"),
        ("", {}, "No candidate is entered"),
        ("", {"candidates": 0, "done": 0, "left": 0}, "No candidate is entered"),
    ],
)
def test_an_empty_table_says_why(
    browser: Browser, fake: FakeServices, query: str, changes: Json, said: str
) -> None:
    browser.sign_in()
    lay_down(fake, ONE_TASK | changes)
    page = browser.get(f"{PAGE}?{query}").text
    assert said in page
    assert ("Show all candidates" in page) == bool(query)
    shown = re.search(r'id="all-done"( hidden)?>.*?/submission"', page)
    assert bool(shown and not shown[1]) == (changes.get("state") == "complete")


def test_the_options_are_passed_on_and_stay_in_the_links(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    lay_down(fake, ONE_TASK, candidate(tasks=[None]), total=250)
    page = browser.get(f"{PAGE}?search=ŵyn&rows=50&sort=mark&show=unmarked&page=2").text
    asked = fake.asked(SHEET)[-1].target
    assert asked.endswith("search=%C5%B5yn&rows=50&sort=mark&show=unmarked&page=2")
    assert 'value="ŵyn"' in page
    assert '<option value="50" selected>' in page
    assert "search=%C5%B5yn&amp;rows=50&amp;sort=mark&amp;show=unmarked&amp;page=3" in page
    assert 'aria-current="page"' in page


def test_a_page_past_the_end_is_the_last_one(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    lay_down(fake, ONE_TASK, total=41)
    answer = browser.get(f"{PAGE}?show=marked&page=9")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{PAGE}?show=marked&page=3"


@pytest.mark.parametrize("status", [403, 404, 503])
def test_without_marks_there_is_no_marksheet(
    browser: Browser, fake: FakeServices, status: int
) -> None:
    browser.sign_in()
    fake.answers["GET", SHEET] = problem(status, "refused")
    assert browser.get(PAGE).status_code == status
