"""An evening of a teacher: 500 marks by keyboard, and what goes wrong meanwhile."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Console, NewPage, sign_in
from tests.browser.papers import Clients, MadePaper

NewPaper = Callable[..., MadePaper]
CANDIDATES = 250
COLUMNS = ("t0", "t1")
MAXIMA = (40, 30)
SAVED = "Everything is saved."
# A test that types for minutes on a machine that does other things, too.
LONG_MS = 120_000


def mark(number: int, task: int) -> int:
    return (number * 7 + task * 3) % (MAXIMA[task] + 1)


def type_column(page: Page, task: int, first: int, last: int) -> None:
    """From the cell that has the focus downwards."""
    for number in range(first, last + 1):
        page.keyboard.type(str(mark(number, task)))
        page.keyboard.press("Tab")


def press_save_now(page: Page) -> None:
    page.locator("[data-again]").focus()
    page.keyboard.press("Enter")


@pytest.fixture
def paper(new_paper: NewPaper) -> MadePaper:
    return new_paper(CANDIDATES)


def assert_stored_once(paper: MadePaper) -> None:
    """All marks as typed, and each of them stored by one change."""
    sheet = paper.clients["admin"].get(f"{paper.api('marks')}/marksheet?rows=all").expect(200)
    stored = {one["candidate_no"]: one["tasks"] for one in sheet["candidates"]}
    wanted = {f"{n:04d}": [mark(n, 0), mark(n, 1)] for n in range(1, CANDIDATES + 1)}
    assert stored == wanted
    changes = 0
    for number in stored:
        path = f"{paper.api('marks')}/candidates/{number}/history"
        changes += len(paper.clients["admin"].get(path).expect(200)["changes"])
    assert changes == CANDIDATES * len(COLUMNS)


@pytest.mark.long
def test_five_hundred_marks_the_network_lost_twice_the_session_once(
    paper: MadePaper, new_page: NewPage, clients: Clients, console: Console
) -> None:
    page = new_page()
    sign_in(page, clients.account("user"))
    page.goto(f"{paper.page}?rows=all")
    page.locator("#t0-0001").focus()
    type_column(page, 0, 1, 60)
    page.context.set_offline(True)
    type_column(page, 0, 61, 120)
    expect(page.locator("#trouble")).to_contain_text("Not saved yet")
    page.context.set_offline(False)
    type_column(page, 0, 121, CANDIDATES)
    expect(page.locator("#t1-0001")).to_be_focused()
    page.context.clear_cookies(name="iamis_session")
    type_column(page, 1, 1, 90)
    expect(page.locator("#trouble")).to_contain_text("Your session has ended")
    sign_in(page.context.new_page(), clients.account("user"))
    page.bring_to_front()
    press_save_now(page)
    page.locator("#t1-0091").focus()
    type_column(page, 1, 91, 150)
    page.context.set_offline(True)
    type_column(page, 1, 151, 200)
    page.context.set_offline(False)
    type_column(page, 1, 201, CANDIDATES)
    expect(page.locator("#status")).to_have_text(SAVED, timeout=LONG_MS)
    expect(page.locator("#counts")).to_have_text(f"{CANDIDATES} of {CANDIDATES} done, 0 left")
    assert_stored_once(paper)
    # 403: the page still had the token of the session before, and took the new one.
    console.forget("ERR_INTERNET_DISCONNECTED|401|403")
