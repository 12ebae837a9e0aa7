"""The guide and the other pages that help: in both languages, narrow, and by keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from services.gateway.guide import chapters
from tests.browser.conftest import NARROW, WIDE, NewPage, SignedInPage
from tests.support.stack import Stack

PATHS = (
    "/guide",
    "/guide/entering-marks",
    "/guide/moderators-report",
    "/accessibility",
    "/contact",
)
LOADED = "pictures => pictures.every(picture => picture.naturalWidth > 0)"
SHOWN = "picture => picture.decode().then(() => picture.currentSrc)"
# By how much it is made smaller to fit the page.
SHRUNK = "picture => picture.width / picture.naturalWidth"
READABLE = 0.75


@pytest.mark.parametrize("language", ["en", "cy"])
def test_what_helps_is_read_by_anyone(
    new_page: NewPage, stack: Stack, accessible: Callable[[Page], None], language: str
) -> None:
    page = new_page(viewport=NARROW)
    page.context.add_cookies([{"name": "iamis_language", "value": language, "url": stack.base_url}])
    for path in PATHS:
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert page.locator(".guide-picture img").evaluate_all(LOADED), path
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
        accessible(page)


@pytest.mark.parametrize(
    ("options", "ending"),
    [
        ({"viewport": WIDE}, "/menu-en.webp"),
        ({"viewport": WIDE, "color_scheme": "dark"}, "/menu-en-dark.webp"),
        ({"viewport": NARROW}, "/menu-en-narrow.webp"),
        ({"viewport": NARROW, "color_scheme": "dark"}, "/menu-en-narrow-dark.webp"),
    ],
)
def test_a_picture_can_be_read_on_this_screen(
    new_page: NewPage, options: dict[str, Any], ending: str
) -> None:
    page = new_page(**options)
    page.goto("/guide/papers")
    picture = page.locator(".guide-picture img")
    assert picture.evaluate(SHOWN).endswith(ending)
    assert picture.evaluate(SHRUNK) >= READABLE


def test_a_page_leads_to_its_step(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("user")
    page.goto("/")
    page.get_by_role("link", name="Help", exact=True).click()
    papers = next(step for one in chapters() for step in one.steps if "marks_menu" in step.pages)
    expect(page.get_by_role("heading", level=1)).to_have_text(papers.title)


def test_a_hint_is_put_away_by_keyboard(
    signed_in_page: SignedInPage, accessible: Callable[[Page], None]
) -> None:
    page = signed_in_page("user")
    page.goto("/")
    hint = page.get_by_role("form", name="Hint")
    accessible(page)
    hint.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(hint).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(hint).to_have_count(0)
