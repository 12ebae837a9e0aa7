"""The preview of a moderation: everybody's mark and name, and the line that is not there yet."""

from html import unescape

import pytest

from tests.support.gateway import BOARD_STAFF, Browser, FakeServices
from tests.support.sheet_answers import MARKS, SheetAnswers, candidate, sheet
from tests.unit.gateway.test_moderation_page import HERE, MODERATION


@pytest.fixture
def says(fake: FakeServices, answers: SheetAnswers) -> FakeServices:
    answers.sheet(sheet(candidate("1001"), candidate("1002")))
    return fake


def test_the_preview_shows_every_mark(browser: Browser, says: FakeServices) -> None:
    before, after = {"total": 50, "outcome": None}, {"total": 45, "outcome": None}
    line = {"slope": 0.9, "intercept": 0.0}
    rows = [{"candidate_no": "1001", "from": before, "to": after}]
    found = {"outcome": "adjusted", "line": line, "candidates": rows, "total": 1, "changed": 1}
    found |= {"choices": ["accepted", "adjusted"], "marked": 7}
    says.says("GET", f"{MODERATION}/preview", found)
    page = unescape(browser.sign_in(BOARD_STAFF).get(f"{HERE}/preview?outcome=<b>").text)
    assert says.asked(f"{MODERATION}/preview")[0].target.endswith("/preview")
    for said in (
        "<strong>45</strong>",
        "Marks that change: 1 of 1.",
        "Mark after = 0.900 ",
        "1001 ŴYN <b>\xa0: SIÂN 1001",
    ):
        assert said in page


def test_before_any_mark_of_the_moderator_the_preview_adjusts_nothing(
    browser: Browser, says: FakeServices
) -> None:
    line = {"slope": 1.0, "intercept": 0.0}
    found = {"outcome": "adjusted", "line": line, "candidates": [], "total": 37, "changed": 0}
    found |= {"choices": ["accepted", "adjusted"], "marked": 0}
    says.says("GET", f"{MODERATION}/preview", found)
    page = browser.sign_in(BOARD_STAFF).get(f"{HERE}/preview").text
    assert "No mark of the moderator is saved yet, so nothing is adjusted." in page
    assert "Mark after" not in page


def test_without_the_marksheet_the_preview_has_numbers_alone(
    browser: Browser, says: FakeServices, answers: SheetAnswers
) -> None:
    answers.down(f"{MARKS}/marksheet")
    mark = {"total": 50, "outcome": None}
    rows = [{"candidate_no": "1001", "from": mark, "to": mark}]
    found = {"outcome": "accepted", "line": None, "candidates": rows, "total": 1, "changed": 0}
    says.says("GET", f"{MODERATION}/preview", found | {"choices": ["accepted"], "marked": 7})
    page = browser.sign_in(BOARD_STAFF).get(f"{HERE}/preview?outcome=accepted").text
    assert "1001" in page
    assert "Marks that change: 0 of 1." in page
