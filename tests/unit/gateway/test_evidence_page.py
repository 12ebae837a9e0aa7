"""The evidence page: whose files there are, and what is said where there are none."""

from html import unescape
from typing import Any

import pytest

from services.gateway.evidence import Parts, sections
from tests.support.gateway import (
    APPOINTEE,
    BOARD_STAFF,
    Browser,
)
from tests.support.sheet_answers import (
    MARKS,
    PAGES,
    SAMPLE,
    UPLOADS,
    SheetAnswers,
    candidate,
    files,
    paper,
    sample,
    sampled,
    sheet,
)

Field = str | bytes | tuple[str, str | bytes] | tuple[str, str | bytes, str]

HERE = f"{PAGES}/evidence"
OF_1001 = f"{UPLOADS}/candidates/1001/files"
DELETE = f"{HERE}/1001/f1/delete"


def seen(browser: Browser, path: str = HERE) -> str:
    page = browser.get(path)
    assert page.status_code == 200
    return " ".join(unescape(page.text).split())


def test_each_candidate_has_files_and_a_form(browser: Browser, two_sampled: SheetAnswers) -> None:
    two_sampled.paper(paper(evidence_pieces=["Case Study <1>"]))
    browser.sign_in()
    raw = browser.get(HERE).text
    assert "<b>" not in raw
    page = " ".join(unescape(raw).split())
    for said in (
        'id="c1001"',
        "1001 ŴYN <b> : SIÂN 1001",
        f'href="{OF_1001}/f1" download>gwaith <b>.zip</a>',
        "615 kB, 02/05/2031 10:15, Ann",
        f'href="{DELETE}"',
        f'action="{HERE}/1002"',
        f'data-upload="{UPLOADS}/candidates/1002/files"',
        "1 still lacks evidence: <a",
        'href="#c1002">1002</a>',
        "<li>Case Study <1></li>",
        "until 30/06/2931",
        "zip folder",
    ):
        assert said in page
    assert page.count('class="lacks"') == 1
    assert 'id="group"' not in page


@pytest.mark.parametrize("user", [APPOINTEE, BOARD_STAFF])
@pytest.mark.usefixtures("two_sampled")
def test_who_looks_changes_nothing(browser: Browser, user: object) -> None:
    page = seen(browser.sign_in(user))
    assert f'href="{OF_1001}/f1"' in page
    for change in ("type=file", 'type="file"', "/delete", "page.js", "data-upload"):
        assert change not in page


def test_a_group_paper_has_a_section_for_the_group(browser: Browser, answers: SheetAnswers) -> None:
    answers.paper(paper(upload="group"))
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001")))
    answers.files(files(c1001=[]))
    page = seen(browser.sign_in())
    assert f'data-upload="{UPLOADS}/group-files"' in page
    assert "1 still lacks evidence: <a" in page
    assert 'href="#group">the group</a>' in page
    assert page.count('class="lacks"') == 1


@pytest.mark.parametrize(
    ("of_paper", "of_sample", "said"),
    [
        ({"upload": "none", "work_to": "Surpass"}, None, "Where the work goes: Surpass."),
        ({"submitted": 0}, None, "Nothing is to be uploaded yet"),
        ({}, sample(state="none"), "The sample is being generated."),
        ({}, sample(sampled("1001")), "The sample is ready: 1 candidate."),
        ({}, sample(), "Nobody is in the sample"),
        ({"upload": "group"}, sample(), "Files of the whole group"),
    ],
)
def test_where_there_are_no_files_the_page_says_why(
    browser: Browser,
    answers: SheetAnswers,
    of_paper: dict[str, Any],
    of_sample: dict[str, Any] | None,
    said: str,
) -> None:
    answers.paper(paper(**of_paper))
    answers.files(files())
    answers.sheet(sheet())
    if of_sample:
        answers.sample(of_sample)
    assert said in seen(browser.sign_in())


@pytest.mark.parametrize(
    ("down", "shown", "hidden"),
    [
        ([f"{UPLOADS}/files"], "Evidence: not available now.", "1001"),
        ([MARKS, f"{MARKS}/marksheet"], "Names and dates: not available now.", "SIÂN"),
        ([SAMPLE], "gwaith <b>.zip", ": not available"),
    ],
)
def test_without_one_service_the_rest_of_the_page_stays(
    browser: Browser, two_sampled: SheetAnswers, down: list[str], shown: str, hidden: str
) -> None:
    two_sampled.down(*down)
    page = seen(browser.sign_in())
    assert shown in page
    assert hidden not in page


@pytest.mark.parametrize(
    ("today", "dues", "is_open"),
    [
        ("2031-06-30", {}, {"group": True, "1001": True, "1002": True}),
        ("2031-07-01", {}, {"group": False, "1001": False, "1002": False}),
        ("2031-07-01", {"1002": "2031-07-01"}, {"group": True, "1001": False, "1002": True}),
        ("2031-07-02", {"1002": "2031-07-01"}, {"group": False, "1001": False, "1002": False}),
        ("2031-06-30", {"1002": "2031-06-01"}, {"group": True, "1001": True, "1002": True}),
    ],
)
def test_files_are_taken_to_the_end_of_their_day(
    today: str, dues: dict[str, str], is_open: dict[str, bool]
) -> None:
    asked = sample(*(sampled(number, due=due) for number, due in dues.items()))
    of_paper = paper(upload="group", evidence_until="2031-06-30")
    parts = Parts(of_paper, asked, None, files(c1001=[], c1002=[]))
    assert {one.place: one.is_open for one in sections(parts, today)} == is_open
    assert {one.place for one in sections(parts, today) if one.further} == set(dues)


def test_a_closed_section_has_no_form(browser: Browser, two_sampled: SheetAnswers) -> None:
    two_sampled.paper(paper(evidence_until="2021-06-30"))
    page = seen(browser.sign_in())
    assert "files could be uploaded and deleted until 30/06/2021" in page
    assert 'type="file"' not in page
    assert "/delete" not in page
