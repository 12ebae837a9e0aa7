"""The rules of the domain page, "The marksheet", that only a browser can show, by its words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cells import press, state, type_at
from tests.browser.conftest import SignedInPage
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]
GOES = [
    ("Tab goes down to the next candidate", ("Tab",), "t0-0003"),
    ("and Enter", ("Enter",), "t0-0003"),
    ("and the arrow down", ("ArrowDown",), "t0-0003"),
    ("and the arrow up to the one before", ("ArrowUp",), "t0-0001"),
    ("Shift and Tab back", ("Shift+Tab",), "t0-0001"),
    ("the arrow right to the next column", ("ArrowRight",), "t1-0002"),
    ("End to the last column", ("End",), "initials-0002"),
    ("Home to the first one", ("End", "Home"), "t0-0002"),
    ("a slash and a number to that candidate", ("/", "0004"), "t0-0004"),
]
TYPED = [
    ("a mark accepted turns the cell green", "15", "saved", "15"),
    ("zero is a mark", "0", "saved", "0"),
    ("a mark above the maximum is refused with a message", "41", "refused", "41"),
    ("negative", "-1", "refused", "-1"),
    ("fractional", "1.5", "refused", "1.5"),
    ("not a number", "x", "refused", "x"),
    ("c → CF on linear papers", "c", "saved", "CF"),
    ("cf → CF", "cf", "saved", "CF"),
]


@pytest.fixture
def sheet(new_paper: NewPaper, signed_in_page: SignedInPage) -> Page:
    page = signed_in_page("user")
    page.goto(new_paper(4, linear=True, initials_required=True).page)
    expect(page.locator("#keys")).to_be_visible()
    return page


def test_keys_go(sheet: Page) -> None:
    for rule, keys, wanted in GOES:
        type_at(sheet, "t0-0002", *keys)
        expect(sheet.locator(f"#{wanted}"), rule).to_be_focused()


def test_what_is_typed_is(sheet: Page) -> None:
    expect(sheet.get_by_text("You must enter C or CF in the mark column")).to_be_visible()
    for rule, typed, wanted, shown in TYPED:
        type_at(sheet, "t0-0001", typed, "Tab")
        state(sheet, "t0-0001", wanted)
        expect(sheet.locator("#t0-0001"), rule).to_have_value(shown)
        expect(sheet.locator("#e-t0-0001"), rule).to_have_count(int(wanted == "refused"))
        type_at(sheet, "t0-0001", "Escape")
        sheet.locator("#t0-0001").fill("")
        press(sheet, "Tab")
        expect(sheet.locator("#status"), rule).to_have_text("Everything is saved.")


def test_absent_is_confirmed(sheet: Page) -> None:
    for typed, answer, wanted in (("a", "No", ""), ("A", "Yes, absent", "A")):
        type_at(sheet, "t0-0001", typed, "Tab")
        sheet.get_by_role("button", name=answer, exact=True).click()
        expect(sheet.locator("#t0-0001")).to_have_value(wanted)


def test_initials_are_offered_until_save_and_close(sheet: Page) -> None:
    for number in ("0001", "0002"):
        type_at(sheet, f"t0-{number}", "1", "Tab")
    type_at(sheet, "initials-0001", "ab", "Tab")
    expect(sheet.locator("#initials-0002")).to_have_value("ab")
    press(sheet, "Tab")
    state(sheet, "initials-0002", "saved")
    address = sheet.url
    sheet.get_by_role("button", name="Save and close").click()
    sheet.wait_for_url("**/papers")
    sheet.goto(address)
    type_at(sheet, "t0-0003", "1", "Tab")
    sheet.locator("#initials-0003").focus()
    expect(sheet.locator("#initials-0003")).to_have_value("")
