"""Marks entered in a real browser, by keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cells import message, press, state, type_at
from tests.browser.conftest import SignedInPage, SignIns
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]
INVALID = ("aria-invalid", "true")


@pytest.fixture
def paper(new_paper: NewPaper) -> MadePaper:
    """Three candidates, two tasks, initials required."""
    return new_paper(3, initials_required=True)


@pytest.fixture
def sheet(paper: MadePaper, signed_in_page: SignedInPage) -> Page:
    page = signed_in_page("user")
    page.goto(paper.page)
    return page


def test_a_column_is_typed_downwards_and_the_next_one_follows(
    sheet: Page, paper: MadePaper
) -> None:
    type_at(sheet, "t0-0001", "15", "Tab", "0", "Enter", "40", "ArrowDown")
    expect(sheet.locator("#t1-0001")).to_be_focused()
    press(sheet, "20", "Tab", "0", "Tab", "30", "Tab")
    expect(sheet.locator("#initials-0001")).to_be_focused()
    press(sheet, "a.b.", "Tab")
    for cell in ("t0-0001", "t0-0002", "t1-0003", "initials-0001"):
        state(sheet, cell, "saved")
    expect(sheet.locator("#initials-0001")).to_have_value("AB")
    expect(sheet.locator("#total-0001")).to_have_text("35")
    expect(sheet.locator("#total-0002")).to_have_text("0")
    expect(sheet.locator("#counts")).to_have_text("1 of 3 done, 2 left")
    paper.wait_for("0001", tasks=[15, 20], initials="AB", complete=True)
    paper.wait_for("0003", tasks=[40, 30], initials="")
    # Rows are saved as they are left: which is told last depends on the network.
    expect(sheet.locator("#said")).to_have_text(re.compile("Saved 000[123]"))
    expect(sheet.locator("#status")).to_have_text("Everything is saved.")


def test_initials_are_offered_until_save_and_close(sheet: Page, paper: MadePaper) -> None:
    paper.fill([1, 2], [1, 2], initials="")
    sheet.reload()
    type_at(sheet, "initials-0001", "CD", "Tab")
    expect(sheet.locator("#initials-0002")).to_have_value("CD")
    press(sheet, "Tab")
    expect(sheet.locator("#initials-0003")).to_have_value("")
    paper.wait_for("0002", initials="CD", complete=True)
    press(sheet, "Escape")
    expect(sheet.locator("#close")).to_be_focused()
    press(sheet, "Enter")
    sheet.wait_for_url("**/papers")
    paper.put("0003", tasks=[1, 1])
    sheet.goto(paper.page)
    sheet.locator("#initials-0003").focus()
    expect(sheet.locator("#initials-0003")).to_have_value("")


def test_initials_are_not_offered_to_the_next_person(
    sheet: Page, paper: MadePaper, sign_ins: SignIns
) -> None:
    paper.fill([1, 2], [1, 2], initials="")
    sheet.reload()
    type_at(sheet, "initials-0001", "CD", "Enter")
    expect(sheet.locator("#initials-0002")).to_have_value("CD")
    press(sheet, "Backspace", "Tab")
    paper.wait_for("0001", initials="CD", complete=True)
    sheet.context.add_cookies(sign_ins.of("admin")["cookies"])
    sheet.goto(paper.page)
    type_at(sheet, "t1-0002", "3", "End")
    expect(sheet.locator("#initials-0002")).to_be_focused()
    expect(sheet.locator("#initials-0002")).to_have_value("")


def test_moving_about(sheet: Page, paper: MadePaper) -> None:
    paper.fill([15, 20], [1])
    sheet.reload()
    type_at(sheet, "t0-0001", "ArrowRight")
    expect(sheet.locator("#t1-0001")).to_be_focused()
    for key, cell in (
        ("ArrowLeft", "t0-0001"),
        ("End", "initials-0001"),
        ("Home", "t0-0001"),
        ("Control+End", "t0-0003"),
        ("Shift+Tab", "t0-0002"),
        ("ArrowUp", "t0-0001"),
        ("ArrowDown", "t0-0002"),
        ("Shift+Enter", "t0-0001"),
        ("Control+End", "t0-0003"),
        ("Tab", "t1-0001"),
        ("Shift+Tab", "t0-0003"),
    ):
        press(sheet, key)
        expect(sheet.locator(f"#{cell}")).to_be_focused()
    press(sheet, "Control+Home", "ArrowRight", "ArrowRight", "Control+End", "Tab")
    expect(sheet.locator("#marks :focus")).to_have_count(0)


@pytest.mark.parametrize("typed", ["41", "-1", "15.5", "abc", "1e1"])
def test_a_bad_mark_is_refused_and_nothing_stored(
    sheet: Page, paper: MadePaper, typed: str
) -> None:
    paper.fill([15, 20], [1])
    sheet.reload()
    type_at(sheet, "t0-0001", typed, "Tab", "7", "Tab")
    state(sheet, "t0-0001", "refused")
    expect(sheet.locator("#t0-0001")).to_have_attribute(*INVALID)
    expect(sheet.locator("#t0-0001")).to_have_attribute("aria-describedby", "e-t0-0001")
    assert message(sheet, "t0-0001") == "Task 1 must be a whole number from 0 to 40. Stored: 15"
    expect(sheet.locator("#t0-0001")).to_have_value(typed)
    state(sheet, "t0-0002", "saved")
    assert paper.candidate("0001")["tasks"] == [15, 20]
    expect(sheet.locator("#status")).to_contain_text("Some cells are not saved")
    # What is wrong in one task keeps nobody from the other.
    type_at(sheet, "t1-0001", "21", "Tab")
    paper.wait_for("0001", tasks=[15, 21])
    state(sheet, "t0-0001", "refused")
    type_at(sheet, "t0-0001", "Escape")
    expect(sheet.locator("#t0-0001")).to_have_value("15")
    state(sheet, "t0-0001", "saved")
    expect(sheet.locator("#e-t0-0001")).to_have_count(0)


def test_save_and_close_stays_at_what_is_refused(sheet: Page, paper: MadePaper) -> None:
    type_at(sheet, "t0-0001", "41", "Tab", "12")
    sheet.locator("#close").click()
    expect(sheet.locator("#t0-0001")).to_be_focused()
    paper.wait_for("0002", tasks=[12, None])
    press(sheet, "14")
    sheet.locator("#close").click()
    sheet.wait_for_url("**/papers")
    assert paper.candidate("0001")["tasks"] == [14, None]


def test_what_is_typed_on_answers_no_question(sheet: Page, paper: MadePaper) -> None:
    type_at(sheet, "t0-0001", "a", "Enter")
    expect(sheet.locator("#absent")).to_be_visible()
    for mark in ("13", "11"):
        sheet.keyboard.type(mark)
        press(sheet, "Enter", "Enter")
    expect(sheet.locator("#absent-typed")).to_contain_text("goes nowhere")
    expect(sheet.get_by_role("dialog")).to_be_visible()
    press(sheet, "Tab")
    expect(sheet.get_by_role("button", name="Yes, absent")).to_be_focused()
    press(sheet, "Enter")
    expect(sheet.locator("#t0-0002")).to_be_focused()
    paper.wait_for("0001", code="A", complete=True)
    assert paper.candidate("0002")["tasks"] == [None, None]
    type_at(sheet, "t0-0002", "a", "Enter")
    expect(sheet.locator("#absent-typed")).to_be_hidden()
    sheet.keyboard.type("12")
    press(sheet, "Tab", "Tab")
    expect(sheet.get_by_role("button", name="No", exact=True)).to_be_focused()
    press(sheet, "Enter")
    expect(sheet.locator("#t0-0002")).to_be_focused()
    assert paper.candidate("0002")["code"] is None


def test_a_candidate_is_absent_when_that_is_confirmed(sheet: Page, paper: MadePaper) -> None:
    paper.fill([15, 20], [1])
    sheet.reload()
    type_at(sheet, "t0-0001", "a", "Tab")
    expect(sheet.locator("#absent-question")).to_contain_text("Is 0001 O'Neill-Ŵyn")
    press(sheet, "Escape")
    expect(sheet.locator("#t0-0001")).to_be_focused()
    expect(sheet.locator("#t0-0001")).to_have_value("15")
    press(sheet, "a", "Tab")
    expect(sheet.locator("#absent")).to_be_visible()
    press(sheet, "Enter")
    expect(sheet.locator("#t0-0002")).to_be_focused()
    state(sheet, "t0-0001", "saved")
    expect(sheet.locator("#t0-0001")).to_have_value("A")
    expect(sheet.locator("#t1-0001")).to_have_value("")
    expect(sheet.locator("#total-0001")).to_have_text("A")
    paper.wait_for("0001", code="A", complete=True)
    # The other task is passed over; a mark takes the place of the code.
    sheet.locator("#t0-0003").focus()
    press(sheet, "Tab")
    expect(sheet.locator("#t1-0002")).to_be_focused()
    type_at(sheet, "t0-0001", "9", "Tab")
    paper.wait_for("0001", code=None, tasks=[9, None])
    expect(sheet.locator("#t1-0001")).to_be_editable()
    # And nothing is left when the cell is emptied.
    type_at(sheet, "t0-0001", "Delete", "Tab")
    paper.wait_for("0001", tasks=[None, None])


def test_carrying_forward_is_for_linear_papers(
    sheet: Page, paper: MadePaper, new_paper: NewPaper
) -> None:
    expect(sheet.get_by_text("You must enter C or CF")).to_have_count(0)
    paper.fill([15, 20], [1])
    sheet.reload()
    type_at(sheet, "t0-0001", "c", "Tab")
    state(sheet, "t0-0001", "refused")
    assert "Marks cannot be carried forward" in message(sheet, "t0-0001")
    expect(sheet.locator("#t1-0001")).to_have_value("20")
    linear = new_paper(2, linear=True)
    sheet.on("dialog", lambda dialog: dialog.accept())
    sheet.goto(linear.page)
    expect(sheet.get_by_text("You must enter C or CF")).to_be_visible()
    type_at(sheet, "t1-0001", "c", "Tab")
    state(sheet, "t1-0001", "saved")
    expect(sheet.locator("#t1-0001")).to_have_value("CF")
    linear.wait_for("0001", code="CF")
    sheet.reload()
    expect(sheet.locator("#t0-0001")).to_have_value("CF")


def test_outcomes_are_chosen_by_their_first_letter(
    new_paper: NewPaper, signed_in_page: SignedInPage
) -> None:
    paper = new_paper(
        2, tasks=None, outcomes=["Distinction", "Merit", "Pass"], sample_policy="per-outcome"
    )
    page = signed_in_page("user")
    page.goto(paper.page)
    page.locator("#outcome-0001").focus()
    press(page, "m", "Tab", "p", "Enter")
    state(page, "outcome-0002", "saved")
    paper.wait_for("0001", outcome="Merit", complete=True)
    expect(page.locator("#code-0001")).to_be_focused()
    press(page, "a", "Tab", "Enter")
    paper.wait_for("0001", outcome=None, code="A")
    expect(page.locator("#outcome-0001")).to_have_value("")
    page.locator("#outcome-0001").focus()
    press(page, "d", "Tab")
    paper.wait_for("0001", outcome="Distinction", code=None)
    expect(page.locator("#all-done")).to_be_visible()


def test_the_options_keep_to_the_paging(new_paper: NewPaper, signed_in_page: SignedInPage) -> None:
    paper = new_paper(45)
    paper.fill([1, 2], range(1, 23))
    page = signed_in_page("user")
    page.goto(paper.page)
    page.get_by_label("Show").select_option("Unmarked")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#marks tbody tr")).to_have_count(20)
    page.get_by_role("link", name="Page 2").click()
    expect(page.locator("#marks tbody tr")).to_have_count(3)
    assert "show=unmarked" in page.url
    page.get_by_label("Candidate search").fill("nobody")
    press(page, "Enter")
    expect(page.get_by_text("No candidates match")).to_be_visible()
