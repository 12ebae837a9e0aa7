"""After a submission: late candidates, withdrawn ones and later deadlines, as people click."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cells import type_at
from tests.browser.conftest import NARROW, SignedInPage
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]
Accessible = Callable[[Page], None]
CANDIDATES = 12


@pytest.fixture
def submitted(new_paper: NewPaper) -> MadePaper:
    """Every mark another one: the sample is every second candidate from the top, and the lowest."""
    paper = new_paper(CANDIDATES)
    for number in range(1, CANDIDATES + 1):
        paper.fill([number + 5, number], [number])
    paper.submit()
    paper.wait_for_sample()
    return paper


def fits(page: Page) -> bool:
    page.set_viewport_size(NARROW)
    return bool(page.evaluate("document.documentElement.scrollWidth <= 320"))


def test_a_late_candidate_is_marked_submitted_and_the_sample_grows(
    submitted: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    submitted.enter([13])
    page = signed_in_page("user")
    page.goto(submitted.page)
    expect(page.get_by_text("1 candidate was entered after the submission")).to_be_visible()
    expect(page.locator("#t0-0001")).to_have_count(0)
    type_at(page, "t0-0013", "20", "Tab")
    type_at(page, "t1-0013", "20", "Tab")
    accessible(page)
    page.locator("#all-done").get_by_role("link").click()
    expect(page.get_by_text("1 late candidate is not submitted yet")).to_be_visible()
    accessible(page)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Submit marks and generate sample").click()
    expect(page.locator("dl.facts")).to_contain_text("Submitted in all")
    expect(page.get_by_text(re.compile(r"^The sample is ready(\.|: 8 )"))).to_be_visible()
    assert fits(page)
    submitted.wait_for_sample(8)
    page.get_by_role("link", name="View the sample", exact=True).click()
    # The sample grew by the new highest mark, and lost nobody.
    expect(page.locator("#c0013")).to_contain_text("highest mark")
    expect(page.locator("tbody tr")).to_have_count(8)


def test_of_who_is_withdrawn_from_the_sample_the_nearest_is_added(
    submitted: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    submitted.enter([6], action="W")
    page = signed_in_page("user")
    page.goto(submitted.page)
    expect(page.locator("#c0006")).to_contain_text("(withdrawn)")
    page.get_by_role("link", name="Add the nearest candidate instead").click()
    accessible(page)
    assert fits(page)
    page.get_by_role("radio", name="0005").check()
    page.get_by_role("button", name="instead of 0006").click()
    expect(page.get_by_text("1 candidate added to the sample.")).to_be_visible()
    expect(page.locator("#c0005").get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_text("Candidate 0006 was withdrawn.")).to_be_visible()


def test_a_moderator_is_told_who_could_not_be_chosen_and_why(
    new_paper: NewPaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    paper = new_paper(3)
    paper.fill([6, 1], [1])
    paper.put("0002", code="A")
    paper.fill([0, 0], [3])
    paper.submit()
    paper.wait_for_sample(1)
    paper.allocate()
    page = signed_in_page("appointee")
    page.goto(paper.page.replace("/marksheet", "/sample"))
    page.get_by_text("2 candidates could not be chosen: absent (1), mark of zero (1)").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="mark of zero")).to_contain_text("0003 ")
    accessible(page)
    assert fits(page)


def test_a_later_deadline_is_asked_for_and_given(
    new_paper: NewPaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    paper = new_paper(1)
    page = signed_in_page("user")
    page.goto(paper.page)
    page.get_by_role("link", name="Late entries and deadlines").click()
    deadline = page.get_by_text("The deadline is").inner_text()
    page.get_by_label("Until").fill("2031-06-30")
    page.get_by_label("Reason").first.fill("The studio was flooded")
    page.get_by_role("button", name="Ask for a later deadline").dblclick()
    expect(page.get_by_text("The awarding body is asked.")).to_be_visible()
    accessible(page)
    assert fits(page)
    board = signed_in_page("board")
    board.goto("/board/requests")
    request = board.get_by_role("listitem").filter(has_text=paper.code)
    expect(request).to_contain_text("30/06/2031")
    accessible(board)
    request.get_by_role("button", name="Accept").click()
    expect(board.get_by_role("listitem").filter(has_text=paper.code)).to_have_count(0)
    page.reload()
    expect(page.get_by_text("The deadline is 30/06/2031.")).to_be_visible()
    expect(page.get_by_text(deadline, exact=True)).to_have_count(0)
    accessible(page)
