"""A block of a spreadsheet pasted in the marksheet, undoing, and going to a candidate."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cells import press, state, type_at
from tests.browser.conftest import NARROW, Console, SignedInPage, assert_accessible, look
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]
PASTE = """([cell, text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const options = { clipboardData, bubbles: true, cancelable: true };
  document.getElementById(cell).dispatchEvent(new ClipboardEvent("paste", options));
}"""


@pytest.fixture
def paper(new_paper: NewPaper) -> MadePaper:
    return new_paper(25, initials_required=True)


@pytest.fixture
def sheet(paper: MadePaper, signed_in_page: SignedInPage) -> Page:
    page = signed_in_page("user")
    page.goto(paper.page)
    return page


def paste(page: Page, cell: str, *lines: str) -> None:
    """As from a spreadsheet: a tab between cells."""
    page.locator(f"#{cell}").focus()
    page.evaluate(PASTE, [cell, "\n".join(lines).replace(" ", "\t") + "\n"])


def test_a_block_is_previewed_and_saved_whole(sheet: Page, paper: MadePaper) -> None:
    paper.put("0002", tasks=[9, None])
    sheet.reload()
    paste(sheet, "t0-0001", "15 20 AB", "16", "a")
    expect(sheet.locator("#paste")).to_be_visible()
    expect(sheet.locator("#paste-summary")).to_contain_text("Cells that will change: 5.")
    expect(sheet.locator("#paste-changes tr").nth(3)).to_contain_text("916")
    assert_accessible(sheet)
    look(sheet, "paste-preview")
    assert paper.candidate("0001")["tasks"] == [None, None]
    sheet.get_by_role("button", name="Save all of it").click()
    expect(sheet.locator("#paste")).to_be_hidden()
    for cell in ("t0-0001", "initials-0001", "t0-0002", "t0-0003"):
        state(sheet, cell, "saved")
    assert paper.candidate("0001")["tasks"] == [15, 20]
    assert paper.candidate("0002")["tasks"] == [16, None]
    assert paper.candidate("0003")["code"] == "A"
    expect(sheet.locator("#counts")).to_have_text("2 of 25 done, 23 left")
    history = f"{paper.api('marks')}/candidates/0001/history"
    assert paper.clients["admin"].get(history).expect(200)["changes"][-1]["how"] == "pasted"
    # Undone as one step, and done again.
    type_at(sheet, "t0-0001", "Control+z")
    paper.wait_for("0001", tasks=[None, None], initials="")
    paper.wait_for("0002", tasks=[9, None])
    paper.wait_for("0003", code=None)
    press(sheet, "Control+y")
    paper.wait_for("0003", code="A")
    paper.wait_for("0001", tasks=[15, 20], initials="AB")


def test_a_bad_row_changes_nothing_and_is_named(
    sheet: Page, paper: MadePaper, console: Console
) -> None:
    paste(sheet, "t0-0001", "15 20", "41 20", "17 20")
    wrong = sheet.locator("#paste-wrong")
    expect(wrong).to_have_text(
        "0002, Task 1 (Max: 40): 41. It is no whole number from 0 to 40, and no code."
    )
    expect(sheet.get_by_role("button", name="Save all of it")).to_be_disabled()
    sheet.set_viewport_size(NARROW)
    assert_accessible(sheet)
    look(sheet, "paste-refused-narrow")
    assert sheet.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    sheet.get_by_role("button", name="Cancel").click()
    assert paper.candidate("0001")["tasks"] == [None, None]
    paste(sheet, "t1-0020", "1", "2")
    expect(wrong).to_contain_text("Line 2 (2) has no candidate on this page.")
    sheet.get_by_role("button", name="Cancel").click()
    # What only the service knows: a code that this paper does not take.
    paste(sheet, "t0-0001", "15", "c")
    sheet.get_by_role("button", name="Save all of it").click()
    expect(wrong).to_contain_text("Nothing is saved: 1 row is refused.")
    expect(wrong).to_contain_text("0002: Marks cannot be carried forward")
    console.forget("422")
    sheet.get_by_role("button", name="Cancel").click()
    expect(sheet.locator("#t0-0001")).to_have_value("")
    assert paper.candidate("0001")["tasks"] == [None, None]


def test_candidate_numbers_lead_the_way(sheet: Page, paper: MadePaper) -> None:
    paste(sheet, "t0-0001", "0012 5 6", "0003 7 8")
    sheet.get_by_role("button", name="Save all of it").click()
    state(sheet, "t1-0012", "saved")
    assert paper.candidate("0012")["tasks"] == [5, 6]
    assert paper.candidate("0003")["tasks"] == [7, 8]
    paste(sheet, "t0-0001", "0012 5 7", "0099 1 1")
    expect(sheet.locator("#paste-wrong")).to_contain_text("Line 2 (0099 1 1)")


def test_undo_leaves_what_a_colleague_has_changed_since(sheet: Page, paper: MadePaper) -> None:
    type_at(sheet, "t0-0001", "15", "Tab", "16", "Tab")
    state(sheet, "t0-0001", "saved")
    state(sheet, "t0-0002", "saved")
    paper.put("0002", tasks=[30, None])
    expect(sheet.locator("#t0-0002")).to_have_value("30")
    press(sheet, "Control+z")
    expect(sheet.locator("#said")).to_contain_text("left as it is")
    expect(sheet.locator("#t0-0002")).to_have_value("30")
    why_not = sheet.get_by_text("once you have changed something")
    expect(why_not).to_be_hidden()
    sheet.get_by_role("button", name="Undo").click()
    paper.wait_for("0001", tasks=[None, None])
    expect(sheet.get_by_role("button", name="Undo")).to_be_disabled()
    sheet.get_by_role("button", name="Redo").click()
    paper.wait_for("0001", tasks=[15, None])


def test_a_number_leads_to_its_candidate(sheet: Page, paper: MadePaper) -> None:
    type_at(sheet, "t1-0001", "7", "/", "0015")
    expect(sheet.locator("#t1-0015")).to_be_focused()
    paper.wait_for("0001", tasks=[None, 7])
    press(sheet, "8", "/", "24", "Enter")
    sheet.wait_for_url("**rows=all#t1-0024")
    expect(sheet.locator("#t1-0024")).to_be_focused()
    assert paper.candidate("0015")["tasks"] == [None, 8]
    press(sheet, "/", "0099")
    expect(sheet.locator("#said")).to_contain_text("no candidate 0099")


def test_two_thousand_rows_in_one_go(
    new_paper: NewPaper, signed_in_page: SignedInPage, console: Console
) -> None:
    paper = new_paper(2000)
    page = signed_in_page("user")
    page.goto(f"{paper.page}?rows=all")
    lines = [f"{number % 41} {number % 31}" for number in range(2000)]
    paste(page, "t0-0001", *lines[:1999], "41 0")
    expect(page.locator("#paste-wrong")).to_contain_text("2000, Task 1")
    page.get_by_role("button", name="Cancel").click()
    paste(page, "t0-0001", *lines)
    page.get_by_role("button", name="Save all of it").click()
    expect(page.locator("#paste")).to_be_hidden()
    expect(page.locator("#counts")).to_have_text("2000 of 2000 done, 0 left")
    assert paper.candidate("2000")["tasks"] == [1999 % 41, 1999 % 31]
    assert console.errors == []
