"""The marksheet in a browser without script: the same fields, in a form."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedInPage, assert_accessible
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]


@pytest.fixture
def paper(new_paper: NewPaper) -> MadePaper:
    return new_paper(3, initials_required=True)


@pytest.fixture
def sheet(paper: MadePaper, signed_in_page: SignedInPage) -> Page:
    page = signed_in_page("user", java_script_enabled=False)
    page.goto(paper.page)
    return page


def test_marks_are_saved_together(sheet: Page, paper: MadePaper) -> None:
    sheet.fill("#t0-0001", "15")
    sheet.fill("#t1-0001", "20")
    sheet.fill("#initials-0001", "ab")
    sheet.fill("#t0-0002", "7")
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_text("2 marks saved.")).to_be_visible()
    expect(sheet.locator("#initials-0001")).to_have_value("AB")
    expect(sheet.locator("#counts")).to_have_text("1 of 3 done, 2 left")
    stored = paper.candidate("0001")
    assert (stored["tasks"], stored["initials"]) == ([15, 20], "AB")
    sheet.fill("#t0-0003", "9")
    sheet.get_by_role("button", name="Save and close").click()
    expect(sheet).to_have_url(f"{paper.page.removesuffix(f'/{paper.paper_id}/marksheet')}")
    assert paper.candidate("0003")["tasks"] == [9, None]


def test_what_is_refused_is_shown_and_absence_confirmed(sheet: Page, paper: MadePaper) -> None:
    sheet.fill("#t0-0001", "41")
    sheet.fill("#t0-0002", "a")
    sheet.fill("#t0-0003", "3")
    sheet.keyboard.press("Enter")
    summary = sheet.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("1 mark is saved. These are not:")
    expect(sheet.locator("#t0-0001")).to_have_value("41")
    expect(sheet.locator("#e-t0-0001")).to_contain_text("from 0 to 40")
    summary.get_by_role("link", name="0001").click()
    expect(sheet.locator("#t0-0001")).to_be_focused()
    sheet.fill("#t0-0001", "40")
    sheet.get_by_label("is absent").check()
    sheet.get_by_role("button", name="Save", exact=True).click()
    expect(sheet.get_by_text("2 marks saved.")).to_be_visible()
    assert paper.candidate("0002")["code"] == "A"
    assert paper.candidate("0001")["tasks"] == [40, None]


def test_a_conflict_is_shown_and_overruled_by_saving_again(sheet: Page, paper: MadePaper) -> None:
    paper.put("0001", tasks=[30, 1])
    sheet.fill("#t0-0001", "15")
    sheet.keyboard.press("Enter")
    expect(sheet.locator("#e-t0-0001")).to_contain_text("Stored: 30 · 1")
    assert paper.candidate("0001")["tasks"] == [30, 1]
    sheet.get_by_role("button", name="Save", exact=True).click()
    expect(sheet.get_by_text("1 mark saved.")).to_be_visible()
    assert paper.candidate("0001")["tasks"][0] == 15


def test_the_page_is_accessible(signed_in_page: SignedInPage, paper: MadePaper) -> None:
    """With script only because axe is one: the page is the refused one of the plain form."""
    page = signed_in_page("user")
    page.route(
        "**/marksheet/main.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page.goto(paper.page)
    page.fill("#t0-0001", "41")
    page.fill("#t0-0002", "a")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#error-summary")).to_be_visible()
    assert_accessible(page)
