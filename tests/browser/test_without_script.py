"""All of a centre's job in a browser without script: marks, submission, evidence, report."""

from collections.abc import Callable

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import SignedInPage
from tests.browser.papers import MadePaper
from tests.support.waiting import wait_for

NewPaper = Callable[..., MadePaper]
WORK: FilePayload = {"name": "gwaith.txt", "mimeType": "text/plain", "buffer": b"My work."}
DECLARED = 3
SLOW = 30


def follow(page: Page, paper: MadePaper, label: str) -> None:
    """A link of the paper on the menu."""
    page.goto("/")
    page.locator(f'a[href*="/{paper.paper_id}/"]').filter(has_text=label).click()


def test_from_the_first_mark_to_the_report(
    signed_in_page: SignedInPage, new_paper: NewPaper
) -> None:
    paper = new_paper(2, upload="candidate")
    page = signed_in_page("user", java_script_enabled=False)
    follow(page, paper, "Enter marks")
    for cell, mark in (("t0-0001", "15"), ("t1-0001", "20"), ("t0-0002", "7"), ("t1-0002", "9")):
        page.fill(f"#{cell}", mark)
    page.get_by_role("button", name="Save and close").click()
    follow(page, paper, "Submit marks and generate samples")
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(DECLARED)
    for box in boxes.all():
        box.check()
    page.get_by_role("button", name="Submit marks and generate sample").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("MARKS SUBMITTED")
    upload(page, paper)
    take_the_report(page, paper)


def upload(page: Page, paper: MadePaper) -> None:
    """Without script the page is loaded again until the sample is there."""

    def is_asked_for() -> bool:
        page.goto(paper.page.replace("/marksheet", "/evidence"))
        return bool(page.locator("#c0001-input").count())

    wait_for("evidence is asked for", is_asked_for, SLOW)
    page.locator("#c0001-input").set_input_files([WORK])
    page.locator("#c0001 [type=submit]").click()
    expect(page.locator("#c0001-files li")).to_contain_text(WORK["name"])


def take_the_report(page: Page, paper: MadePaper) -> None:
    def is_submitted() -> bool:
        page.goto(f"/centres/{paper.centre_no}/reports")
        return "submitted on" in entry.inner_text()

    entry = page.locator("li").filter(has_text=f"({paper.code})")
    wait_for("the report knows", is_submitted, SLOW)
    with page.expect_download() as download:
        entry.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
