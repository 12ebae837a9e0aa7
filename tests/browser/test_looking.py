"""As the centre sees it: board staff before a centre's pages, with nothing to be changed."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, SignedInPage
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]
Accessible = Callable[[Page], None]
BAR = "You see what centre {} sees. Nothing can be changed."
# The first link of the page is made the focus from far below it.
SCROLLED_BENEATH_THE_BAR = """() => {
    const link = document.querySelector("main a[href]");
    document.querySelector("main").style.paddingBottom = "200vh";
    scrollTo(0, document.body.scrollHeight);
    link.focus();
}"""
COVERED = """() => document.querySelector(".looking-bar").getBoundingClientRect().bottom
    - document.activeElement.getBoundingClientRect().top"""
POSTED = "main form[method=post] :is(input, select, textarea, button):enabled"


@pytest.fixture
def helper(signed_in_page: SignedInPage) -> Iterator[Page]:
    """The session is that of other tests too: it is left as it was."""
    page = signed_in_page("board")
    yield page
    page.goto("/services")
    if page.locator(".looking-bar").count():
        page.locator(".looking-bar button").click()
        expect(page.locator(".looking-bar")).to_have_count(0)


def look_at(page: Page, paper: MadePaper) -> None:
    page.goto("/board/centres")
    page.get_by_role("button", name=f"As the centre sees it: {paper.centre_no}").click()
    expect(page.locator(".looking-bar")).to_contain_text(BAR.format(paper.centre_no))


def beneath_the_bar_nothing_is_hidden(page: Page) -> None:
    """Neither the menu of the account, nor what has the focus where the page is scrolled."""
    page.locator(".account-menu > summary").click()
    page.get_by_role("button", name="Sign out").click(trial=True)
    page.locator(".account-menu > summary").click()
    page.evaluate(SCROLLED_BENEATH_THE_BAR)
    assert page.evaluate(COVERED) <= 0


def test_an_open_paper_is_seen_and_nothing_can_be_typed(
    helper: Page, new_paper: NewPaper, accessible: Accessible
) -> None:
    paper = new_paper(3)
    paper.put("0002", tasks=[20, None])
    look_at(helper, paper)
    helper.locator(f'a[href="{paper.page}"]').click()
    expect(helper.locator("#t0-0002")).to_have_value("20")
    expect(helper.locator("#t0-0002")).to_be_disabled()
    expect(helper.locator("#c0002").get_by_role("link", name="0002 History")).to_be_visible()
    assert helper.locator(POSTED).count() == 0
    accessible(helper)
    beneath_the_bar_nothing_is_hidden(helper)
    helper.get_by_label("Candidate search").fill("zzz")
    helper.keyboard.press("Enter")
    expect(helper.locator("#t0-0002")).to_have_count(0)


def test_after_the_submission_every_page_is_the_centres(
    helper: Page, new_paper: NewPaper, accessible: Accessible
) -> None:
    paper = new_paper(12, upload="candidate")
    paper.fill([20, 10], range(1, 13))
    paper.submit()
    paper.wait_for_sample()
    look_at(helper, paper)
    pages = ("marksheet", "sample", "evidence", "submission", "moderation", "timeline")
    for name in pages:
        helper.goto(paper.page.replace("marksheet", name))
        expect(helper.locator(".looking-bar")).to_be_visible()
        assert helper.locator(POSTED).count() == 0, name
        accessible(helper)
    helper.goto(paper.page.replace("marksheet", "moderation"))
    expect(helper.get_by_text("There is nothing to see of the moderation yet.")).to_be_visible()
    helper.goto(f"/centres/{paper.centre_no}/reports")
    accessible(helper)
    helper.goto(paper.page.replace("marksheet", "report"))
    expect(helper.locator("h1")).to_have_text("CANDIDATE DETAILS REPORT")


def test_what_is_sent_all_the_same_is_refused(helper: Page, new_paper: NewPaper) -> None:
    paper = new_paper(1)
    look_at(helper, paper)
    token = helper.locator("meta[name=csrf-token]").get_attribute("content")
    answer = helper.request.put(
        f"{paper.api('marks')}/candidates/0001",
        data={"tasks": [1, 1]},
        headers={"X-CSRF-Token": str(token)},
    )
    assert (answer.status, answer.json()["type"]) == (403, "urn:iamis:problem:only-looking")
    assert paper.candidate("0001")["tasks"] == [None, None]


def test_on_a_narrow_screen_and_back(
    signed_in_page: SignedInPage, helper: Page, new_paper: NewPaper, accessible: Accessible
) -> None:
    look_at(helper, new_paper(1))
    page = signed_in_page("board", viewport=NARROW)
    page.goto("/")
    expect(page.locator(".looking-bar")).to_be_visible()
    accessible(page)
    beneath_the_bar_nothing_is_hidden(page)
    page.get_by_role("button", name="Back to the awarding body's pages").click()
    expect(page.locator(".looking-bar")).to_have_count(0)
    expect(page.locator("h1")).to_have_text("Centres")
