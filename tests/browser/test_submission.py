"""Submitting in a real browser: by keyboard alone, without script, and twice."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, SignedInPage
from tests.browser.papers import SAMPLE_IS_READY, MadePaper
from tests.support.api import entries

NewPaper = Callable[..., MadePaper]
Accessible = Callable[[Page], None]
CANDIDATES = 3
SUBMIT = "Submit marks and generate sample"


@pytest.fixture
def complete(new_paper: NewPaper) -> MadePaper:
    """Every candidate has marks and initials; nothing is submitted."""
    paper = new_paper(CANDIDATES, initials_required=True)
    paper.fill([20, 15], range(1, CANDIDATES + 1))
    return paper


def submission_of(paper: MadePaper) -> str:
    return paper.page.replace("/marksheet", "/submission")


def fits(page: Page) -> bool:
    """Nothing is wider than a small telephone."""
    page.set_viewport_size(NARROW)
    return bool(page.evaluate("document.documentElement.scrollWidth <= 320"))


def receipt_of(page: Page) -> str:
    return page.locator("dl.facts").inner_text()


def test_marks_are_submitted_by_keyboard_and_the_sample_is_announced(
    complete: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("user")
    page.goto(submission_of(complete))
    accessible(page)
    page.get_by_role("checkbox").first.focus()
    for _each in range(3):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    page.get_by_role("button", name=SUBMIT).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("MARKS SUBMITTED")
    assert "Candidates submitted\n3" in receipt_of(page)
    expect(page.get_by_text(SAMPLE_IS_READY)).to_be_visible()
    accessible(page)
    assert fits(page)
    page.get_by_role("link", name="View the sample", exact=True).click()
    page.wait_for_url("**/marksheet?show=samples")


def test_a_sample_that_waits_for_other_centres_is_not_led_to(
    new_paper: NewPaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    paper = new_paper(1, consortia=[["68101", "68202"]])
    theirs = entries(paper.code, "68202", [1])
    paper.clients["board"].post_csv("/api/marks/imports/entries", theirs).expect(200)
    paper.fill([20, 15], [1])
    page = signed_in_page("user")
    page.goto(submission_of(paper))
    declare_and_submit(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("MARKS SUBMITTED")
    expect(page.get_by_text("other centres of your consortium")).to_be_visible()
    expect(page.get_by_text("view the sample")).to_have_count(0)
    expect(page.get_by_text("A tick box indicator")).to_have_count(0)
    accessible(page)


def test_what_is_missing_is_listed_and_leads_to_the_marksheet(
    new_paper: NewPaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    paper = new_paper(CANDIDATES, initials_required=True)
    paper.fill([20, 15], [1])
    page = signed_in_page("user")
    page.goto(submission_of(paper))
    missing = page.locator(".missing li")
    expect(missing).to_have_count(2)
    expect(missing.first).to_contain_text("— Task 1, Task 2, Teacher initials")
    accessible(page)
    assert fits(page)
    missing.first.get_by_role("link").click()
    page.wait_for_url("**/marksheet?show=unmarked*")
    expect(page.locator("#c0002")).to_be_visible()


def test_without_script_each_declaration_is_asked_for(
    complete: MadePaper, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("user", java_script_enabled=False)
    page.goto(submission_of(complete))
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name=SUBMIT).click()
    expect(page.get_by_role("alert")).to_contain_text("the marks are not submitted yet")
    expect(page.locator(".field-error")).to_have_count(2)
    expect(page.get_by_role("checkbox").first).to_be_checked()
    declare_and_submit(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("MARKS SUBMITTED")


def test_submitting_twice_or_going_back_shows_the_same_receipt(
    complete: MadePaper, signed_in_page: SignedInPage
) -> None:
    first, second = signed_in_page("user"), signed_in_page("user")
    first.goto(submission_of(complete))
    second.goto(submission_of(complete))
    declare_and_submit(first)
    receipt = receipt_of(first)
    declare_and_submit(second)
    assert receipt_of(second) == receipt
    first.go_back()
    assert receipt_of(first) == receipt


def declare_and_submit(page: Page) -> None:
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name=SUBMIT).dblclick()


def test_the_sample_page_says_why_each_candidate_is_in_it(
    complete: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    complete.submit()
    complete.wait_for_sample()
    page = signed_in_page("user")
    page.goto(submission_of(complete).replace("/submission", "/sample"))
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(CANDIDATES)
    expect(rows.first).to_contain_text("all candidates whose work can be sampled are in it")
    expect(rows.first).to_contain_text("still lacks evidence")
    accessible(page)
    assert fits(page)
    accessible(page)


def test_the_reports_and_the_moderator_are_found_by_links(
    complete: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    complete.submit()
    page = signed_in_page("user")
    page.goto(submission_of(complete))
    page.get_by_role("link", name="Moderator details").click()
    expect(page.get_by_text("No moderator is allocated yet")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Back to the papers").click()
    page.get_by_role("link", name="View / Print Reports").click()
    accessible(page)
    assert fits(page)
    page.locator("ol a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("CANDIDATE DETAILS REPORT")
    expect(page.get_by_role("button", name="Print this report")).to_be_visible()
    accessible(page)


def test_two_papers_are_submitted_at_once_without_script(
    new_paper: NewPaper, signed_in_page: SignedInPage
) -> None:
    """Whatever else is ready at the centre is left as it is: only these two are ticked."""
    papers = [new_paper(CANDIDATES) for _each in range(2)]
    for paper in papers:
        paper.fill([20, 15], range(1, CANDIDATES + 1))
    page = signed_in_page("user", java_script_enabled=False)
    page.goto(f"/centres/{papers[0].centre_no}/papers")
    page.get_by_role("link", name="Submit several papers at once").click()
    for box in page.locator("input[name=papers]").all():
        box.set_checked(box.get_attribute("value") in {paper.paper_id for paper in papers})
    page.get_by_role("button", name="Submit the papers that are ticked").click()
    expect(page.get_by_role("alert")).to_contain_text("the marks are not submitted yet")
    for name in ("authenticated", "standardised", "candidates_informed"):
        page.locator(f"#{name}").check()
    page.get_by_role("button", name="Submit the papers that are ticked").click()
    expect(page.get_by_text("Submitted.", exact=True)).to_have_count(2)
    expect(page.get_by_text("Receipt", exact=True)).to_have_count(2)


def test_the_form_for_several_papers_is_usable_by_everybody(
    new_paper: NewPaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    paper = new_paper(CANDIDATES)
    paper.fill([20, 20], range(1, CANDIDATES + 1))
    page = signed_in_page("user")
    page.goto(f"/centres/{paper.centre_no}/submissions")
    accessible(page)
    assert fits(page)
