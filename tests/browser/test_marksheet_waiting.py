"""What was typed and could not be saved waits in the browser, for its user alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cells import message, press, state, type_at
from tests.browser.conftest import Console, NewPage, SignedInPage, sign_in
from tests.browser.papers import Clients, MadePaper

Accessible = Callable[[Page], None]
NewPaper = Callable[..., MadePaper]
API = "**/api/marks/**"
KEPT = "() => Object.entries(localStorage).filter(([name]) => name.startsWith('cells '))"


@pytest.fixture
def paper(new_paper: NewPaper) -> MadePaper:
    return new_paper(25)


@pytest.fixture
def sheet(paper: MadePaper, signed_in_page: SignedInPage) -> Page:
    page = signed_in_page("user")
    page.goto(paper.page)
    return page


def leave_without_saving(sheet: Page, console: Console, *keys: str) -> None:
    """Type without a network, and leave although the browser asks."""
    sheet.on("dialog", lambda dialog: dialog.accept())
    # Not `set_offline`: what was sent by a page that is gone passes it.
    sheet.route(API, lambda route: route.abort("internetdisconnected"))
    press(sheet, *keys)
    expect(sheet.locator("#trouble")).to_contain_text("Not saved yet")
    sheet.goto("about:blank")
    sheet.unroute(API)
    console.forget("ERR_INTERNET_DISCONNECTED")


def test_what_a_closed_tab_had_not_saved_goes_out_on_return(
    sheet: Page, paper: MadePaper, console: Console
) -> None:
    sheet.locator("#t0-0001").focus()
    leave_without_saving(sheet, console, "15", "Tab", "16", "Tab", "41", "Tab")
    assert paper.candidate("0001")["tasks"] == [None, None]
    sheet.goto(paper.page)
    state(sheet, "t0-0001", "saved")
    state(sheet, "t0-0003", "refused")
    paper.wait_for("0002", tasks=[16, None])
    [(name, kept)] = sheet.evaluate(KEPT)
    assert name.endswith(f"{paper.paper_id} 0003")
    assert kept == '{"was":{"t0":""},"typed":{"t0":"41"}}'
    type_at(sheet, "t0-0003", "Escape")
    assert sheet.evaluate(KEPT) == []


def test_what_a_colleague_stored_meanwhile_is_not_overwritten(
    sheet: Page, paper: MadePaper, console: Console
) -> None:
    sheet.locator("#t0-0001").focus()
    leave_without_saving(sheet, console, "15", "Tab", "16", "Tab")
    paper.put("0001", tasks=[30, None])
    sheet.goto(paper.page)
    state(sheet, "t0-0002", "saved")
    state(sheet, "t0-0001", "conflict")
    assert "Theirs: 30. Yours: 15." in message(sheet, "t0-0001")
    # Read again before somebody has decided, it still asks.
    sheet.goto(paper.page)
    state(sheet, "t0-0001", "conflict")
    assert paper.candidate("0001")["tasks"] == [30, None]
    sheet.get_by_role("button", name="Keep mine").click()
    paper.wait_for("0001", tasks=[15, None])


def test_what_waits_for_another_page_goes_out_from_any(
    sheet: Page, paper: MadePaper, console: Console
) -> None:
    sheet.goto(f"{paper.page}?page=2")
    sheet.locator("#t0-0022").focus()
    leave_without_saving(sheet, console, "15", "Tab", "16", "Tab")
    paper.put("0023", tasks=[30, None])
    sheet.goto(paper.page)
    paper.wait_for("0022", tasks=[15, None])
    # What a colleague stored meanwhile is for a person to decide, where it is seen.
    expect(sheet.locator("#elsewhere-numbers")).to_have_text("0023")
    assert paper.candidate("0023")["tasks"] == [30, None]
    sheet.get_by_role("link", name="Show all candidates to save it").click()
    state(sheet, "t0-0022", "saved")
    state(sheet, "t0-0023", "conflict")
    expect(sheet.locator("#elsewhere")).to_be_hidden()


def test_what_can_be_saved_no_more_is_told_until_it_is_discarded(
    new_paper: NewPaper, signed_in_page: SignedInPage, console: Console, accessible: Accessible
) -> None:
    paper, page = new_paper(3), signed_in_page("user")
    page.goto(paper.page)
    page.locator("#t0-0001").focus()
    leave_without_saving(page, console, "15", "Tab", "16", "Tab", "17", "Tab")
    paper.enter([3], "W")
    paper.fill([15, 20], [1])
    paper.fill([20, 20], [2])
    paper.submit()
    page.goto(paper.page)
    told = [
        "0002: Task 1 (Max: 40) 16. The mark is submitted.",
        "0003: Task 1 (Max: 40) 17. The candidate is not on this sheet any more: withdrawn",
    ]
    lost, said = page.locator("#elsewhere-lines li span"), page.locator("#elsewhere-said")
    expect(lost).to_contain_text(told)
    expect(said).to_contain_text(told[0])
    expect(page.locator("#elsewhere-open")).to_be_hidden()
    accessible(page)

    paper.enter([4])
    page.goto(paper.page)
    expect(lost).to_contain_text(told)
    accessible(page)
    page.get_by_role("button", name="Discard 0002").press("Enter")
    expect(page.get_by_role("button", name="Discard 0003")).to_be_focused()
    expect(said).to_have_text("Discarded: what was typed of 0002.")
    assert [name.split()[-1] for name, _kept in page.evaluate(KEPT)] == ["0003"]
    page.keyboard.press("Enter")
    expect(page.locator("#elsewhere")).to_be_hidden()
    expect(page.locator("#sheet-table")).to_be_focused()
    assert page.evaluate(KEPT) == []


def test_what_is_too_late_for_a_closed_paper_is_told(
    new_paper: NewPaper, signed_in_page: SignedInPage, console: Console, accessible: Accessible
) -> None:
    paper, page = new_paper(2), signed_in_page("user")
    page.goto(paper.page)
    page.locator("#t0-0001").focus()
    leave_without_saving(page, console, "15", "Tab")
    passed = {"marks_deadline": "2026-01-05", "after_deadline": "closed"}
    catalogue = f"/api/marks/papers/{paper.paper_id}"
    paper.clients["board"].call("PATCH", catalogue, passed).expect(200)
    page.goto(paper.page)
    expect(page.locator("#t0-0001")).to_have_count(0)
    expect(page.locator("#elsewhere-lines li span")).to_have_text(
        "0001: Task 1 (Max: 40) 15. No marks are taken any more."
    )
    expect(page.locator("#elsewhere-open")).to_be_hidden()
    accessible(page)
    page.get_by_role("link", name="Ask for a later deadline").click()
    expect(page.get_by_label("Until")).to_be_visible()
    page.goto(f"/centres/{paper.centre_no}/papers")
    row = page.get_by_role("listitem").filter(has_text=paper.code)
    expect(row).to_contain_text("View marks (0 done, 2 left)")
    expect(row.get_by_role("link", name="Ask for a later deadline")).to_be_visible()
    accessible(page)


def test_the_end_of_the_session_loses_nothing_and_signing_out_clears(
    paper: MadePaper, new_page: NewPage, clients: Clients, console: Console
) -> None:
    page = new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, clients.account("user"))
    page.goto(paper.page)
    page.context.clear_cookies(name="iamis_session")
    type_at(page, "t0-0001", "15", "Tab", "41", "Tab")
    expect(page.locator("#trouble")).to_contain_text("Your session has ended")
    console.forget("401")
    sign_in(page, clients.account("user"))
    page.goto(paper.page)
    state(page, "t0-0001", "saved")
    state(page, "t0-0002", "refused")
    paper.wait_for("0001", tasks=[15, None])
    assert len(page.evaluate(KEPT)) == 1
    page.goto("/account")
    page.locator("main form[action='/sign-out'] button").click()
    expect(page.locator("input[type=email]")).to_be_visible()
    assert page.evaluate(KEPT) == []
