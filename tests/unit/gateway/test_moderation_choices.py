"""The outcomes that a moderation offers are those its paper may have."""

from collections.abc import Sequence

import pytest

from tests.support.gateway import APPOINTEE, BOARD_STAFF, Browser, FakeServices
from tests.support.sheet_answers import SheetAnswers, candidate, sheet
from tests.unit.gateway.test_moderation_page import HERE, MODERATION, compared, moderation

BY_MARKS = ["accepted", "adjusted", "remarked"]
BY_OUTCOME = ["accepted", "remarked"]
WITHIN = ["accepted"]


@pytest.mark.parametrize("choices", [BY_MARKS, BY_OUTCOME, WITHIN])
def test_the_form_offers_what_there_may_be(
    browser: Browser, answers: SheetAnswers, fake: FakeServices, choices: Sequence[str]
) -> None:
    answers.sheet(sheet(candidate("1001")))
    fake.says("GET", MODERATION, moderation(compared("1001"), choices=choices))
    page = browser.sign_in(APPOINTEE).get(HERE).text
    offered = [one for one in BY_MARKS if f'name="outcome" id="outcome-{one}"' in page]
    assert offered == choices
    assert ("What an adjustment makes" in page) == (choices is BY_MARKS)


@pytest.mark.parametrize("choices", [BY_MARKS, BY_OUTCOME])
def test_the_preview_offers_what_there_may_be(
    browser: Browser, answers: SheetAnswers, fake: FakeServices, choices: Sequence[str]
) -> None:
    answers.sheet(sheet(candidate("1001")))
    found: dict[str, object] = {"outcome": "remarked", "line": None, "choices": choices}
    nobody: dict[str, object] = {"candidates": [], "total": 0, "changed": 0, "marked": 0}
    fake.says("GET", f"{MODERATION}/preview", found | nobody)
    page = browser.sign_in(BOARD_STAFF).get(f"{HERE}/preview?outcome=remarked").text
    assert fake.asked(f"{MODERATION}/preview")[0].target.endswith("?outcome=remarked")
    assert [one for one in BY_MARKS if f'href="?outcome={one}"' in page] == choices
