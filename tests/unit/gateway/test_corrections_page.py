"""The page of a paper's clerical errors, and the centre's word that it has checked the others."""

from html import unescape
from typing import Any

import pytest
from flask import json

from tests.support.gateway import APPOINTEE, BOARD_STAFF, Browser, FakeServices, problem
from tests.support.sheet_answers import AT, MARKS, PAGES, SheetAnswers, candidate, sheet

HERE = f"{PAGES}/clerical-errors"
ERRORS = f"{MARKS}/clerical-errors"
BUTTON = "We have checked the marks of the other candidates"


def error(number: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "candidate_no": number,
        "original": {"tasks": [20, 30], "total": 50},
        "amended": {"tasks": [25, 30], "total": 55},
        "effective_total": 55,
        "at": AT,
        "by": "Moli <b>",
        "reason": "Added up wrongly",
        "acknowledged": None,
        **changes,
    }


@pytest.fixture
def recorded(fake: FakeServices, answers: SheetAnswers) -> FakeServices:
    answers.sheet(sheet(candidate("1001")))
    seen = error("1002", acknowledged={"by": "Ann", "at": AT})
    fake.says("GET", ERRORS, {"clerical_errors": [error("1001"), seen], "total": 2})
    return fake


@pytest.mark.usefixtures("recorded")
def test_both_marks_stand_side_by_side(browser: Browser) -> None:
    raw = browser.sign_in().get(HERE).text
    assert "Moli <b>" not in raw
    page = " ".join(unescape(raw).split())
    for said in (
        '<td data-label="Centre\'s mark">20 + 30 = 50</td>',
        '<strong class="amended">25 + 30 = 55</strong>',
        "Ann, 02/05/2031 10:15",
        "Not yet",
        BUTTON,
    ):
        assert said in page


def test_what_was_seen_is_acknowledged_and_no_other(
    browser: Browser, recorded: FakeServices
) -> None:
    path = f"{ERRORS}/acknowledgement"
    recorded.says("POST", path, {"clerical_errors": [], "total": 0}, 201)
    browser.sign_in()
    answer = browser.submit(HERE, seen="e1001")
    assert (answer.status_code, answer.location) == (303, HERE)
    (asked,) = recorded.asked(path)
    assert json.loads(asked.body) == {"ids": ["e1001"]}


def test_a_refusal_is_said(browser: Browser, recorded: FakeServices) -> None:
    recorded.answers["POST", f"{ERRORS}/acknowledgement"] = problem(422, "unprocessable")
    browser.sign_in()
    answer = browser.submit(HERE)
    assert "refused: unprocessable" in answer.text


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("user", [APPOINTEE, BOARD_STAFF])
def test_others_only_look(browser: Browser, user: object) -> None:
    page = browser.sign_in(user).get(HERE).text
    assert "55" in page
    assert BUTTON not in page
