"""The notice of late entries and withdrawals on the marksheet."""

from html import unescape
from typing import Any

import pytest
from flask import Response

from tests.support.gateway import Browser, FakeServices

from .sheets import PAGE, SHEET, TWO_TASKS, candidate, lay_down

NEWS = [
    ({"added": ["1054", "1061"], "withdrawn": []}, "2 candidates were added (1054, 1061)."),
    ({"added": [], "withdrawn": ["1001"]}, "1 candidate was withdrawn (1001)."),
]


def seen(browser: Browser, fake: FakeServices, late: Any) -> str:
    lay_down(fake, TWO_TASKS, candidate("1001"))
    told = fake.answers["GET", SHEET]
    assert isinstance(told, Response)
    fake.says("GET", SHEET, told.get_json() | {"late": late and late | {"days": 14}})
    return " ".join(unescape(browser.sign_in().get(PAGE).text).split())


@pytest.mark.parametrize(("late", "expected"), NEWS)
def test_who_came_and_who_went_is_told(
    browser: Browser, fake: FakeServices, late: Any, expected: str
) -> None:
    page = seen(browser, fake, late)
    assert f"In the last 14 days: {expected}" in page


@pytest.mark.parametrize("late", [None, {"added": [], "withdrawn": []}])
def test_where_nobody_did_nothing_is_said(browser: Browser, fake: FakeServices, late: Any) -> None:
    assert "In the last 14 days:" not in seen(browser, fake, late)
