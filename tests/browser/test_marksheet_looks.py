"""The marksheet in its states: who sees what, on which screen, for whom it is usable."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import NARROW, WIDE, SignedInPage, assert_accessible, look
from tests.browser.papers import MadePaper
from tests.support.stack import Stack

NewPaper = Callable[..., MadePaper]
# Every control that is shown must be large enough to be hit (WCAG 2.2, 2.5.8); links in a sentence
# are exempt, and so is what the browser itself draws.
SMALL_TARGETS = """
() => [...document.querySelectorAll("main :is(button, input, select, textarea, a.btn, .pager a)")]
  .filter((each) => each.checkVisibility() && each.type !== "hidden")
  .map((each) => [each.outerHTML, each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([html]) => html)
"""
# Words over a column that are on two lines each.
BROKEN_WORDS = """
() => [...document.querySelectorAll("#marks thead th")].flatMap((heading) => {
  const [text] = heading.childNodes;
  return [...text.data.matchAll(/\\S+/g)].filter(({ 0: word, index }) => {
    const range = document.createRange();
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    return range.getClientRects().length > 1;
  }).map(([word]) => word);
})
"""
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def submitted(new_paper: NewPaper) -> MadePaper:
    paper = new_paper(30, initials_required=True, upload="candidate")
    for number in range(1, 31):
        paper.fill([number + 10, number], [number])
    paper.put("0007", code="A")
    paper.submit()
    paper.wait_for_sample()
    return paper


def check(page: Page, name: str) -> None:
    """Axe, sizes of targets, no sideways scrolling; wide and narrow, with a picture of each."""
    assert_accessible(page)
    look(page, f"{name}-wide")
    page.set_viewport_size(NARROW)
    assert_accessible(page)
    look(page, f"{name}-narrow")
    assert page.evaluate(WIDER_THAN_THE_SCREEN) <= 0
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_heading_of_an_open_sheet_is_broken_within_a_word(
    new_paper: NewPaper, signed_in_page: SignedInPage, stack: Stack, language: str
) -> None:
    paper = new_paper(3, initials_required=True)
    page = signed_in_page("user")
    page.context.add_cookies([{"name": "iamis_language", "value": language, "url": stack.base_url}])
    page.goto(paper.page)
    expect(page.locator("html")).to_have_attribute("lang", language)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert page.evaluate(BROKEN_WORDS) == []


def test_an_open_sheet(new_paper: NewPaper, signed_in_page: SignedInPage) -> None:
    paper = new_paper(45, initials_required=True, linear=True)
    paper.fill([15, 20], range(1, 6))
    page = signed_in_page("user")
    page.goto(paper.page)
    page.locator("#t0-0006").focus()
    for text in ("41", "cf", "12"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    paper.put("0009", tasks=[3, None])
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    expect(page.locator("#e-t0-0009")).to_contain_text("Theirs: 3.")
    check(page, "marksheet-open")
    page.locator("#t0-0010").focus()
    page.keyboard.type("a")
    page.keyboard.press("Tab")
    expect(page.locator("#absent")).to_be_visible()
    check(page, "marksheet-absent")
    page.keyboard.press("Escape")
    for cell in ("t0-0006", "t0-0009", "t0-0010"):
        page.locator(f"#{cell}").focus()
        page.keyboard.press("Escape")


def test_a_submitted_sheet_and_additions_to_its_sample(
    submitted: MadePaper, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("user")
    page.goto(f"{submitted.page}?rows=all&sort=mark")
    expect(page.locator("#marks tbody input:not([type=checkbox])")).to_have_count(0)
    expect(page.locator("#c0030")).to_contain_text("highest mark")
    expect(page.locator("#c0030").get_by_role("checkbox")).to_be_disabled()
    expect(page.locator("#c0030").get_by_role("link", name="Upload 0030")).to_be_visible()
    expect(page.locator("#add-0007")).to_have_count(0)
    page.locator("#add-0029").check()
    page.get_by_role("button", name="Add to the sample").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#add-0029")).to_be_checked()
    check(page, "marksheet-submitted")
    page.set_viewport_size(WIDE)
    page.get_by_label("Explanatory note to the moderator").fill("The work of 0030 was lost.")
    page.get_by_role("button", name="Add to the sample").click()
    expect(page.get_by_text("1 candidate added to the sample.")).to_be_visible()
    expect(page.locator("#c0029")).to_contain_text("added by the centre")
    expect(page.get_by_text("The work of 0030 was lost.")).to_be_visible()
    page.get_by_role("link", name="View moderator details").click()
    expect(page.get_by_role("heading", name="Moderator details")).to_be_visible()
    assert_accessible(page)


def test_ticks_that_are_not_added_yet_are_not_left_behind_unasked(
    submitted: MadePaper, signed_in_page: SignedInPage
) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page = signed_in_page("user")
    page.on("dialog", stay)
    page.goto(f"{submitted.page}?rows=all&sort=mark")
    told = page.locator("#ticked")
    expect(told).to_be_hidden()
    page.locator("#add-0029").check()
    expect(told).to_contain_text("not added to the sample yet: 0029.")
    check(page, "marksheet-ticked")
    page.set_viewport_size(WIDE)
    page.locator("#add-0029").uncheck()
    expect(told).to_be_hidden()
    page.locator("#add-0029").check()
    page.close(run_before_unload=True)
    told.get_by_role("link").click()
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("The work of 0030 was lost.")
    page.get_by_role("button", name="Add to the sample").click()
    expect(page.get_by_text("1 candidate added to the sample.")).to_be_visible()
    assert asked == ["beforeunload"]


def test_the_moderator_and_the_board_read(
    submitted: MadePaper, signed_in_page: SignedInPage
) -> None:
    submitted.allocate()
    board = signed_in_page("board")
    board.goto(submitted.page)
    expect(board.locator("#marks tbody input:enabled")).to_have_count(0)
    check(board, "marksheet-board")
    moderator = signed_in_page("appointee")
    moderator.goto(submitted.page)
    expect(moderator.locator("#marks tbody input:enabled")).to_have_count(0)
    link = moderator.get_by_role("link", name="Record : Clerical error 0001")
    assert link.get_attribute("href") == submitted.page.replace(
        "marksheet", "candidates/0001/clerical-error"
    )
    check(moderator, "marksheet-moderator")


def test_a_clerical_error_stands_beside_the_mark(
    submitted: MadePaper, signed_in_page: SignedInPage
) -> None:
    submitted.allocate()
    error = {"candidate_no": "0030", "tasks": [40, 29], "reason": "Added wrongly."}
    submitted.clients["appointee"].post(f"{submitted.api('marks')}/clerical-errors", error).expect(
        201
    )
    page = signed_in_page("user")
    page.goto(f"{submitted.page}?show=samples&sort=mark")
    expect(page.locator("#c0030")).to_contain_text("amended: 29")
    expect(page.locator("#c0030")).to_contain_text("amended: 69 Added wrongly.")
    check(page, "marksheet-corrected")


def test_two_thousand_candidates_on_one_page(
    new_paper: NewPaper, signed_in_page: SignedInPage
) -> None:
    paper = new_paper(2000, initials_required=True)
    page = signed_in_page("user")
    page.goto(f"{paper.page}?rows=all")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("#t0-0990").focus()
    for number in range(990, 1010):
        page.keyboard.type(str(number % 40))
        page.keyboard.press("Tab")
    expect(page.locator("#counts")).to_have_text("0 of 2000 done, 2000 left")
    expect(page.locator("#t0-1009").locator("..")).to_have_attribute("data-state", "saved")
    paper.wait_for("1009", tasks=[1009 % 40, None])
    spent = page.evaluate("() => performance.now()")
    print(f"twenty of 2,000 typed and saved {spent:.0f} ms after the page was asked for")
