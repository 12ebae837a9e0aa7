"""The moderator's report in a browser: a file with it, given back by the board, approved."""

from collections.abc import Callable

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import unfold
from tests.browser.papers import MadePaper

Check = Callable[[Page], None]
CONTENT = b"%PDF-1.7 the mark scheme, annotated"


def place(paper: MadePaper) -> str:
    return paper.page.replace("/marksheet", "/moderator-report")


def write(page: Page, accuracy: str) -> None:
    page.get_by_label("Appropriateness of the tasks").fill("Well chosen.")
    page.get_by_label("Accuracy of the assessment").fill(accuracy)
    page.get_by_label("The centre's administration").fill("On time.")
    page.get_by_label("The marks were adjusted.").check()
    page.get_by_role("button", name="Save the report").click()
    expect(page.get_by_text("The report is saved.")).to_be_visible()


def is_written_with_a_file(paper: MadePaper, page: Page, check: Check) -> None:
    page.goto(f"{place(paper)}/edit")
    expect(page.get_by_text("Save the report first")).to_be_visible()
    write(page, "Candidate Ann Jones was marked well.")
    for name in ("other.pdf", "scheme.pdf"):
        file: FilePayload = {"name": name, "mimeType": "application/pdf", "buffer": CONTENT}
        page.get_by_label("Add a file").set_input_files([file])
        page.get_by_role("button", name="Add the file").click()
        expect(page.get_by_text("The file is added to the report.")).to_be_visible()
    page.locator(".files > li", has_text="other.pdf").get_by_role("button").click()
    expect(page.get_by_text("The file is removed from the report.")).to_be_visible()
    expect(page.locator(".files > li")).to_have_count(1)
    check(page)


def is_given_back(paper: MadePaper, board: Page, check: Check) -> None:
    board.goto("/board")
    unfold(board, "The awarding body")
    board.get_by_role("link", name="Moderators' reports", exact=True).click()
    check(board)
    board.locator(f'a[href="{place(paper)}"]').click()
    board.get_by_role("button", name="Give back to the moderator").click()
    expect(board.locator("#error-summary")).to_contain_text("Say why it is given back")
    check(board)
    board.get_by_label("Comment").fill("Name no candidate.")
    board.get_by_role("button", name="Give back to the moderator").click()
    expect(board.get_by_text("Given back by the awarding body:")).to_be_visible()
    check(board)


def is_written_anew(paper: MadePaper, page: Page, check: Check) -> None:
    page.goto("/allocations")
    page.locator(f'a.paper-news[href="{place(paper)}/edit"]').click()
    expect(page.get_by_text("Name no candidate.")).to_be_visible()
    check(page)
    write(page, "In order.")
    expect(page.get_by_text("Name no candidate.")).to_have_count(0)


def is_approved(paper: MadePaper, board: Page) -> None:
    board.goto(place(paper))
    board.get_by_role("button", name="Approve").click()
    expect(board.get_by_text("Approved by the awarding body.")).to_be_visible()


def is_read_by_the_centre(paper: MadePaper, page: Page, check: Check) -> None:
    page.goto(place(paper))
    expect(page.get_by_text("In order.")).to_be_visible()
    expect(page.get_by_text("Approved")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="scheme.pdf").click()
    assert download.value.path().read_bytes() == CONTENT
    check(page)
