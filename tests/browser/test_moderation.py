"""Moderation in a real browser, from the submission to results day."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser import reporting
from tests.browser.conftest import NARROW, Console, SignedInPage
from tests.browser.moderating import MARKS, SAMPLE, place, submitted_to_a_moderator
from tests.browser.papers import MadePaper
from tests.support.listeners import Listener, Listeners
from tests.support.mailbox import delivered
from tests.support.stack import Stack
from tests.support.waiting import wait_for

NewPaper = Callable[..., MadePaper]
Accessible = Callable[[Page], None]
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth - window.innerWidth"
DECIDED = "iamis.moderation.decided.v1"
# Results days are looked for every few seconds.
SLOW = 30
BEFORE_NOW = "2020-08-20T08:00:00+01:00"


@pytest.fixture
def submitted(new_paper: NewPaper) -> MadePaper:
    return submitted_to_a_moderator(new_paper)


def told(stream: Listener, paper: MadePaper) -> set[str]:
    """The types of the events about the paper that a stream has told."""
    wait_for("something is told", lambda: stream.events)
    subject = f"{paper.centre_no}/{paper.paper_id}"
    return {event["type"] for _id, event in stream.events if event["subject"] == subject}


def check(page: Page, accessible: Accessible) -> None:
    accessible(page)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) <= 0, page.url


def type_marks(page: Page, difference: int) -> None:
    """Down the column, as on the marksheet: a mark, Enter, the next."""
    page.locator("#task-0-0001").focus()
    for number in SAMPLE:
        page.keyboard.type(str(MARKS[number] + difference))
        page.keyboard.press("Enter")
    expect(page.locator("tr[data-state=saved]")).to_have_count(len(SAMPLE))


def open_from_the_list(page: Page, paper: MadePaper) -> None:
    """Its list is a page of one moment, on which a busy service may be told as away: look again."""
    link = page.locator(f'a[href$="/{paper.paper_id}/moderation"]')

    def is_listed() -> bool:
        page.goto("/allocations")
        if not link.count():
            print(page.locator("main").inner_text())
        return bool(link.count())

    wait_for("the paper is listed", is_listed, SLOW)
    link.click()
    # Loaded with its script: without it, Enter sends the form.
    page.wait_for_url(f"**/{paper.paper_id}/moderation")


def test_from_the_submission_to_results_day(
    stack: Stack,
    submitted: MadePaper,
    signed_in_page: SignedInPage,
    accessible: Accessible,
    console: Console,
) -> None:
    paper = submitted
    moderator = signed_in_page("appointee")
    open_from_the_list(moderator, paper)
    console.forget("503")
    type_marks(moderator, -5)
    expect(moderator.locator("#c0001 [data-difference]")).to_have_text("-5")
    expect(moderator.locator("#c0001 [data-tolerance]")).to_have_text("outside")
    check(moderator, accessible)

    moderator.locator("#c0001").get_by_role("link", name="Clerical error").click()
    moderator.get_by_label("Mark (Max: 60)").fill("58")
    moderator.get_by_label("Reason").fill("Copied wrongly")
    moderator.get_by_role("button", name="Record the clerical error").click()
    expect(moderator.get_by_text("the mark that counts is now 58")).to_be_visible()

    moderator.goto(place(paper, "moderation"))
    moderator.get_by_text("Ask for the work of further candidates").click()
    moderator.get_by_label("Candidate numbers").fill("0002, 0004")
    moderator.get_by_label("Note to the centre").fill("To see the top of the range")
    moderator.get_by_role("button", name="Ask the centre").click()
    expect(moderator.locator("#c0004")).to_be_visible()

    centre_sees_and_answers(stack, paper, signed_in_page, accessible)
    moderator_completes(paper, moderator)
    board_approves(paper, signed_in_page, accessible)
    board_approves_the_report(stack, paper, moderator, signed_in_page, accessible)
    with Listeners(stack.base_url) as listeners:
        (stream,) = listeners.open(paper.clients["admin"].token, last_seen=0)
        nothing_is_visible(paper, signed_in_page)
        assert DECIDED not in told(stream, paper)
        all_is_visible_after(paper, signed_in_page, accessible)
        wait_for("told in the stream", lambda: DECIDED in told(stream, paper), SLOW)


def centre_sees_and_answers(
    stack: Stack, paper: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    """The mails, the red mark, the request; the evidence is added and the error acknowledged."""
    code = paper.clients["admin"].get(paper.api("marks")).expect(200)["code"]
    for subject in (f"Clerical error in the marks of .*{code}", f"Further sample .*{code}"):
        wait_for(f"mail: {subject}", partial(has_mail, stack, subject), SLOW)
    centre = signed_in_page("admin", viewport=NARROW)
    centre.goto(place(paper, "clerical-errors"))
    expect(centre.locator("strong.amended")).to_have_text("58")
    check(centre, accessible)
    centre.get_by_role("button", name="We have checked the marks").click()
    expect(centre.get_by_text("has acknowledged every clerical error")).to_be_visible()
    centre.goto(place(paper, "sample"))
    row = centre.locator("#c0002")
    expect(row).to_contain_text("Moderator")
    expect(row).to_contain_text("Due on")
    centre.goto(place(paper, "timeline"))
    expect(centre.get_by_text("The work of further candidates was asked for")).to_be_visible()
    check(centre, accessible)
    centre.goto(place(paper, "evidence"))
    work: FilePayload = {"name": "work.txt", "mimeType": "text/plain", "buffer": b"work"}
    centre.locator("#c0002-input").set_input_files([work])
    expect(centre.locator("#c0002-files li")).to_have_count(1)


def has_mail(stack: Stack, subject: str) -> bool:
    mails = delivered(stack.path / "mail")
    return any(re.search(subject, mail.subject) for mail in mails)


def moderator_completes(paper: MadePaper, page: Page) -> None:
    page.goto(place(paper, "moderation"))
    expect(page.locator("#c0001 [data-centre]")).to_have_text("58")
    for number, mark in (("0001", 53), ("0002", MARKS["0002"] - 5), ("0004", MARKS["0004"] - 5)):
        box = page.locator(f"#task-0-{number}")
        box.fill(str(mark))
        box.press("Enter")
        expect(page.locator(f"#c{number}")).to_have_attribute("data-state", "saved")
    expect(page.locator("#outcome-adjusted")).to_be_checked()
    page.get_by_role("button", name="Complete the moderation").click()
    expect(page.get_by_text("Completed. The awarding body decides on it.")).to_be_visible()


def board_approves(paper: MadePaper, signed_in_page: SignedInPage, accessible: Accessible) -> None:
    page = signed_in_page("board", viewport=NARROW)
    page.goto("/board/moderations")
    check(page, accessible)
    page.locator(f'a[href$="/{paper.paper_id}/moderation"]').click()
    check(page, accessible)
    page.get_by_role("link", name="What an adjustment makes").click()
    expect(page.get_by_text("Marks that change: 12 of 12.")).to_be_visible()
    check(page, accessible)
    page.go_back()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved by the awarding body.")).to_be_visible()


def board_approves_the_report(
    stack: Stack,
    paper: MadePaper,
    moderator: Page,
    signed_in_page: SignedInPage,
    accessible: Accessible,
) -> None:
    look, board = partial(check, accessible=accessible), signed_in_page("board", viewport=NARROW)
    reporting.is_written_with_a_file(paper, moderator, look)
    reporting.is_given_back(paper, board, look)
    wait_for("mail: the report is given back", partial(told_of_the_report, stack, paper), SLOW)
    reporting.is_written_anew(paper, moderator, look)
    reporting.is_approved(paper, board)


def told_of_the_report(stack: Stack, paper: MadePaper) -> bool:
    """Whether its writer has the mail, with the address of the form."""
    form, writer = f"{reporting.place(paper)}/edit", paper.clients.account("appointee")["email"]
    mails = [mail for mail in delivered(stack.path / "mail") if form in mail.text]
    return [writer in mail.to for mail in mails] == [True]


def nothing_is_visible(paper: MadePaper, signed_in_page: SignedInPage) -> None:
    admin = paper.clients["admin"]
    assert admin.get(f"{paper.api('sampling')}/moderation").status == 404
    sheet = admin.get(f"{paper.api('marks')}/marksheet?rows=all").expect(200)
    assert sheet["moderation"] is None
    assert {one["moderated"] for one in sheet["candidates"]} == {None}
    report = admin.get(f"{paper.api('reports')}/candidate-details").expect(200)
    assert {row["moderated"] for row in report["rows"]} == {None}
    page = signed_in_page("admin")
    page.goto(place(paper, "moderation"))
    expect(page.get_by_text("There is nothing to see of the moderation yet.")).to_be_visible()
    page.goto(paper.page)
    expect(page.locator("body")).not_to_contain_text("moderation", ignore_case=True)


def all_is_visible_after(
    paper: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    """Results day is moved to the past, as the clock of a shared stack cannot be."""
    board, admin = paper.clients["board"], paper.clients["admin"]
    changed = {"results_day": BEFORE_NOW}
    board.call("PATCH", f"/api/marks/papers/{paper.paper_id}", changed).expect(200)
    sheet_at = f"{paper.api('marks')}/marksheet?rows=all"
    wait_for("shown on the marksheet", lambda: admin.get(sheet_at).expect(200)["moderation"])
    candidates = admin.get(sheet_at).expect(200)["candidates"]
    after = {one["candidate_no"]: one["moderated"]["total"] for one in candidates}
    assert after == {number: mark - 5 for number, mark in MARKS.items()} | {"0001": 53}
    report_at = f"{paper.api('reports')}/candidate-details"

    def is_reported() -> bool:
        first = admin.get(report_at).expect(200)["rows"][0]
        return bool(first["moderated"] == 53)

    wait_for("shown in the report", is_reported)
    at = f"{paper.api('sampling')}/moderation"
    wait_for("shown by sampling", lambda: admin.get(at).status == 200)
    page = signed_in_page("admin")
    page.goto(place(paper, "moderation"))
    expect(page.get_by_text("Adjusted: one adjustment of all the centre's marks")).to_be_visible()
    expect(page.get_by_role("heading", name="What counts after moderation")).to_be_visible()
    reporting.is_read_by_the_centre(paper, page, partial(check, accessible=accessible))
