"""Evidence in a real browser: with progress, without script, when the network breaks off."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser.conftest import NARROW, Console, SignedInPage, sign_in
from tests.browser.papers import Clients, MadePaper
from tests.support.waiting import wait_for

NewPaper = Callable[..., MadePaper]
Accessible = Callable[[Page], None]
WHOLE_FILE = re.compile(r"/api/uploads/.*/files\?once=true$")
LARGE = hashlib.shake_256(b"evidence").digest(3_000_000)


def file(name: str, content: bytes = b"work") -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.fixture
def sampled(new_paper: NewPaper) -> MadePaper:
    """Two candidates in the sample; uploads knows it."""
    paper = new_paper(2)
    submitted_and_known(paper)
    return paper


def submitted_and_known(paper: MadePaper) -> None:
    paper.fill([20, 15], [1, 2])
    paper.submit()
    paper.wait_for_sample()

    def uploads_knows() -> bool:
        listed = paper.clients["admin"].get(f"{paper.api('uploads')}/files").expect(200)
        return bool(listed["candidates"])

    wait_for("uploads knows the sample", uploads_knows)


def evidence_of(paper: MadePaper) -> str:
    return paper.page.replace("/marksheet", "/evidence")


def choose(page: Page, candidate: str, *files: FilePayload) -> None:
    page.locator(f"#{candidate}-input").set_input_files(list(files))


def test_files_are_uploaded_listed_downloaded_and_deleted_without_leaving_the_page(
    sampled: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("user")
    page.goto(evidence_of(sampled))
    expect(page.get_by_text("2 candidates still lack evidence:")).to_be_visible()
    choose(page, "c0001", file("gwaith ŵ <b>.zip", LARGE), file("b.mp3"))
    listed = page.locator("#c0001-files li")
    expect(listed).to_have_count(2)
    expect(page.locator("#c0001 .upload")).to_have_count(0)
    expect(page.get_by_text("1 candidate still lacks evidence:")).to_be_visible()
    expect(page.locator("#c0001-lacks")).to_be_empty()
    expect(page.locator("[data-said]")).to_have_text("b.mp3: uploaded")
    expect(listed.first).to_contain_text("3.0 MB")
    accessible(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="gwaith ŵ <b>.zip", exact=True).click()
    assert Path(download.value.path()).read_bytes() == LARGE

    page.get_by_role("link", name="Delete b.mp3").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("b.mp3")
    accessible(page)
    dialog.get_by_role("button", name="Keep it").click()
    expect(listed).to_have_count(2)
    page.get_by_role("link", name="Delete b.mp3").click()
    dialog.get_by_role("button", name="Delete").click()
    expect(listed).to_have_count(1)
    expect(page.locator("#c0001-title")).to_be_focused()
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth <= 320")


def test_an_upload_that_fails_says_why_and_is_tried_again(
    sampled: MadePaper, signed_in_page: SignedInPage, console: Console, accessible: Accessible
) -> None:
    page = signed_in_page("user")
    page.goto(evidence_of(sampled))
    breaks = ["once"]

    def break_once(route: Route) -> None:
        if breaks:
            breaks.pop()
            route.abort()
        else:
            route.continue_()

    page.route(WHOLE_FILE, break_once)
    choose(page, "c0001", file("a.txt"), file("empty.txt", b""), file("c.txt"))
    rows = page.locator("#c0001 .upload")
    expect(page.locator("#c0001-files li")).to_have_count(1)
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("The connection broke off.")
    expect(rows.first).to_contain_text("a different name")
    expect(rows.last).to_contain_text("The file is empty: it has 0 bytes.")
    accessible(page)
    page.get_by_role("button", name="Dismiss empty.txt").click()
    page.get_by_role("button", name="Try again a.txt").click()
    expect(page.locator("#c0001-files li")).to_have_count(2)
    expect(rows).to_have_count(0)
    console.forget("ERR_FAILED")


def test_after_a_new_sign_in_the_page_goes_on(
    sampled: MadePaper, signed_in_page: SignedInPage, clients: Clients, console: Console
) -> None:
    page = signed_in_page("user")
    page.goto(evidence_of(sampled))
    token = page.locator("meta[name=csrf-token]")
    old = str(token.get_attribute("content"))
    page.context.clear_cookies(name="iamis_session")
    choose(page, "c0001", file("a.txt"))
    expect(page.locator("#c0001 .upload")).to_contain_text("You are signed out.")
    sign_in(page.context.new_page(), clients.account("user"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(token).not_to_have_attribute("content", old)
    page.get_by_role("button", name="Try again a.txt").click()
    listed = page.locator("#c0001-files li")
    expect(listed).to_have_count(1)
    page.get_by_role("link", name="Delete a.txt").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(listed).to_have_count(0)
    console.forget("401")


def test_an_upload_can_be_cancelled_while_the_next_one_waits(
    sampled: MadePaper, signed_in_page: SignedInPage, console: Console
) -> None:
    page = signed_in_page("user")
    page.goto(evidence_of(sampled))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(WHOLE_FILE, hold)
    choose(page, "c0001", file("a.txt"))
    choose(page, "c0002", file("b.txt"))
    expect(page.locator("#c0002 .upload")).to_contain_text("waiting")
    page.get_by_role("button", name="Cancel b.txt").click()
    expect(page.locator("#c0002 .upload")).to_contain_text("Cancelled")
    page.get_by_role("button", name="Cancel a.txt").click()
    expect(page.locator("#c0001 .upload")).to_contain_text("Cancelled")
    expect(page.get_by_role("button", name="Try again a.txt")).to_be_focused()
    assert len(held) == 1
    console.forget("ERR_ABORTED")


def test_without_script_files_are_uploaded_and_deleted_by_forms(
    sampled: MadePaper, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("user", java_script_enabled=False)
    page.goto(evidence_of(sampled))
    choose(page, "c0002", file("one.txt"), file("two.txt"))
    page.locator("#c0002 [type=submit]").click()
    expect(page.get_by_text("2 files are uploaded.")).to_be_visible()
    assert page.url.endswith("#c0002")
    choose(page, "c0002", file("empty.txt", b""))
    page.locator("#c0002 [type=submit]").click()
    expect(page.locator("#c0002-error")).to_contain_text("empty.txt: The file is empty")
    page.get_by_role("link", name="Delete one.txt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete this file?")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The file is deleted.")).to_be_visible()
    expect(page.locator("#c0002-files li")).to_have_count(1)


def test_the_moderator_looks_and_records_a_clerical_error_that_the_centre_sees(
    sampled: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    sampled.allocate()
    page = signed_in_page("appointee")
    page.goto(sampled.page.replace("/marksheet", "/candidates/0001/clerical-error"))
    accessible(page)
    page.get_by_label("Task 2").fill("99")
    page.get_by_role("button", name="Record the clerical error").click()
    expect(page.locator("#task-1-error")).to_be_visible()
    expect(page.locator("#reason-error")).to_be_visible()
    accessible(page)
    page.get_by_label("Task 2").fill("25")
    page.get_by_label("Reason").fill("Task 2 was copied wrongly.")
    page.get_by_role("button", name="Record the clerical error").click()
    expect(page.get_by_text("the mark that counts is now 45")).to_be_visible()

    teacher = signed_in_page("user")
    teacher.goto(sampled.page.replace("/marksheet", "/candidates/0001/history"))
    expect(teacher.locator("tbody tr").last).to_contain_text("20 + 25 = 45")
    expect(teacher.locator("tbody tr").last).to_contain_text("Task 2 was copied wrongly.")
    accessible(teacher)


def test_evidence_is_only_looked_at_by_the_board(
    sampled: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("board")
    page.goto(evidence_of(sampled))
    expect(page.locator("#c0001-title")).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_count(0)
    accessible(page)
