"""What changes on a sheet while it is open, and what the sitting remembers from page to page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cells import press, state, type_at
from tests.browser.conftest import SignedInPage, assert_accessible, look
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]


@pytest.fixture
def paper(new_paper: NewPaper) -> MadePaper:
    return new_paper(25)


@pytest.fixture
def sheet(paper: MadePaper, signed_in_page: SignedInPage) -> Page:
    page = signed_in_page("user")
    page.goto(paper.page)
    return page


def test_who_is_entered_meanwhile_is_told_and_shown(sheet: Page, paper: MadePaper) -> None:
    type_at(sheet, "t0-0001", "15")
    paper.enter(range(26, 28))
    told = sheet.locator("#entries")
    expect(told).to_contain_text("Entered since you opened this page: 0026, 0027.")
    expect(sheet.locator("#counts")).to_have_text("0 of 27 done, 27 left")
    assert_accessible(sheet)
    look(sheet, "entered-meanwhile")
    told.get_by_role("link", name="Show the sheet as it is now").click()
    expect(told).to_be_hidden()
    # What stood half typed in a cell was saved first.
    state(sheet, "t0-0001", "saved")
    assert paper.candidate("0001")["tasks"] == [15, None]
    sheet.goto(f"{paper.page}?rows=all")
    expect(sheet.locator("#t0-0027")).to_be_visible()


def test_who_is_withdrawn_meanwhile_takes_no_mark(sheet: Page, paper: MadePaper) -> None:
    expect(sheet.locator("#keys")).to_be_visible()
    type_at(sheet, "t0-0002", "41", "Tab")
    state(sheet, "t0-0002", "refused")
    paper.enter([2], action="W")
    expect(sheet.locator("#entries")).to_contain_text("Withdrawn since you opened this page: 0002.")
    expect(sheet.locator("#t0-0002")).not_to_be_editable()
    type_at(sheet, "t0-0001", "15", "Tab")
    expect(sheet.locator("#t0-0003")).to_be_focused()
    expect(sheet.locator("#counts")).to_have_text("0 of 24 done, 24 left")
    sheet.get_by_role("link", name="Show the sheet as it is now").click()
    expect(sheet.locator("#elsewhere-lines")).to_contain_text("0002: Task 1 (Max: 40) 41.")


def test_where_everybody_is_withdrawn_nobody_is_done(
    new_paper: NewPaper, signed_in_page: SignedInPage
) -> None:
    paper, page = new_paper(1), signed_in_page("user")
    page.goto(paper.page)
    paper.enter([1], action="W")
    expect(page.locator("#counts")).to_have_text("0 of 0 done, 0 left")
    expect(page.locator("#all-done")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("No candidate is entered.")).to_be_visible()
    expect(page.locator("#all-done")).to_be_hidden()


def test_the_sitting_is_undone_from_another_page(sheet: Page, paper: MadePaper) -> None:
    type_at(sheet, "t0-0001", "15", "Tab")
    type_at(sheet, "t1-0002", "16", "Tab")
    sheet.get_by_role("link", name="Page 2").click()
    type_at(sheet, "t0-0021", "17", "Tab")
    state(sheet, "t0-0021", "saved")
    press(sheet, "Control+z")
    paper.wait_for("0021", tasks=[None, None])
    press(sheet, "Control+z")
    sheet.wait_for_url("**rows=all#t1-0002")
    expect(sheet.locator("#t1-0002")).to_be_focused()
    paper.wait_for("0002", tasks=[None, None])
    press(sheet, "Control+y")
    paper.wait_for("0002", tasks=[None, 16])
    press(sheet, "Control+z", "Control+z")
    paper.wait_for("0001", tasks=[None, None])
    # "Save and close" ends it.
    type_at(sheet, "t0-0001", "15", "Tab")
    sheet.get_by_role("button", name="Save and close").click()
    sheet.wait_for_url("**/papers")
    sheet.goto(paper.page)
    expect(sheet.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_code_that_took_the_place_of_marks_gives_them_back(sheet: Page, paper: MadePaper) -> None:
    type_at(sheet, "t0-0001", "15", "Tab")
    type_at(sheet, "t1-0001", "20", "Tab")
    state(sheet, "t1-0001", "saved")
    type_at(sheet, "t0-0001", "a", "Tab", "Enter")
    paper.wait_for("0001", code="A", tasks=[None, None])
    state(sheet, "t0-0001", "saved")
    press(sheet, "Control+z")
    paper.wait_for("0001", code=None, tasks=[15, 20])


def test_a_key_goes_from_one_cell_that_is_not_saved_to_the_next(
    sheet: Page, paper: MadePaper
) -> None:
    for number in ("0003", "0007"):
        type_at(sheet, f"t0-{number}", "41", "Tab")
        state(sheet, f"t0-{number}", "refused")
    paper.put("0012", tasks=[3, None])
    type_at(sheet, "t0-0012", "4", "Tab")
    state(sheet, "t0-0012", "conflict")
    for number in ("0003", "0007", "0012", "0003"):
        sheet.keyboard.press("F8")
        expect(sheet.locator(f"#t0-{number}")).to_be_focused()
    show = sheet.get_by_role("button", name="Show the next one")
    for number in ("0003", "0007"):
        show.click()
        expect(sheet.locator(f"#t0-{number}")).to_be_focused()
        press(sheet, "Escape")
    show.click()
    press(sheet, "Tab")
    expect(sheet.locator(":focus")).to_have_text("Keep mine")
    press(sheet, "Tab", "Enter")
    state(sheet, "t0-0012", "saved")
    expect(show).to_be_hidden()


def test_the_history_of_the_candidate_with_the_cursor(sheet: Page, paper: MadePaper) -> None:
    type_at(sheet, "t0-0004", "15", "Tab", "16", "Tab")
    state(sheet, "t0-0005", "saved")
    type_at(sheet, "t0-0004")
    sheet.get_by_role("link", name="History of candidate 0004").click()
    expect(sheet.get_by_role("row").filter(has_text="15")).to_contain_text("typed")
    paper.fill([15, 20], range(1, 26))
    paper.submit()
    sheet.goto(paper.page)
    sheet.get_by_role("link", name="0004 History").click()
    expect(sheet.get_by_role("heading", name="History of candidate 0004")).to_be_visible()
