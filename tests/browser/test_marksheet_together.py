"""Two people, each in a browser, on one sheet at the same time."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cells import message, press, state, type_at
from tests.browser.conftest import Console, SignedInPage
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]


@pytest.fixture
def paper(new_paper: NewPaper) -> MadePaper:
    return new_paper(4)


@pytest.fixture
def both(paper: MadePaper, signed_in_page: SignedInPage) -> tuple[Page, Page]:
    first, second = signed_in_page("user"), signed_in_page("admin")
    for page in (first, second):
        page.goto(paper.page)
    return first, second


def test_each_sees_what_the_other_saves(both: tuple[Page, Page]) -> None:
    first, second = both
    type_at(first, "t0-0001", "15", "Tab")
    type_at(first, "t1-0001", "20", "Tab")
    expect(second.locator("#t1-0001")).to_have_value("20")
    expect(second.locator("#t0-0001")).to_have_value("15")
    state(second, "t0-0001", "saved")
    expect(second.locator("#total-0001")).to_have_text("35")
    expect(second.locator("#counts")).to_have_text("1 of 4 done, 3 left")
    type_at(second, "t0-0001", "16", "Tab")
    expect(first.locator("#t0-0001")).to_have_value("16")
    expect(first.locator("#total-0001")).to_have_text("36")


def test_each_conflict_is_resolved_by_a_visible_choice(
    both: tuple[Page, Page], paper: MadePaper
) -> None:
    first, second = both
    # Half typed in the second: what the first saves does not disturb it, nor is it overwritten.
    for number in ("0001", "0002"):
        second.locator(f"#t0-{number}").focus()
        press(second, "31")
        type_at(first, f"t0-{number}", "15", "Tab")
        state(first, f"t0-{number}", "saved")
        press(second, "Tab")
        state(second, f"t0-{number}", "conflict")
        assert "Theirs: 15. Yours: 31." in message(second, f"t0-{number}")
        assert paper.candidate(number)["tasks"] == [15, None]
    for number, choice in (("0001", "Keep mine"), ("0002", "Take theirs")):
        second.locator(f"#e-t0-{number}").get_by_role("button", name=choice).click()
        state(second, f"t0-{number}", "saved")
    paper.wait_for("0001", tasks=[31, None])
    assert paper.candidate("0002")["tasks"] == [15, None]
    expect(first.locator("#t0-0001")).to_have_value("31")
    expect(first.locator("#status")).to_have_text("Everything is saved.")


CANDIDATES = range(1, 251)
DISPUTED = range(1, 21)
SAVED = "Everything is saved."


def type_column(page: Page, task: int, numbers: range, more: int) -> None:
    """By keyboard, downwards from the first of them."""
    type_at(page, f"t{task}-{numbers[0]:04d}")
    for number in numbers:
        press(page, str((number + more) % 31), "Tab")


def decide(page: Page, number: int, keys: tuple[str, ...]) -> None:
    """F8 goes to the next cell that waits for a decision; the buttons under it come next."""
    page.keyboard.press("F8")
    expect(page.locator(f"#t0-{number:04d}")).to_be_focused()
    press(page, *keys)
    state(page, f"t0-{number:04d}", "saved")


@pytest.mark.long
def test_two_people_fill_one_sheet_and_resolve_twenty_conflicts(
    new_paper: NewPaper, signed_in_page: SignedInPage, console: Console
) -> None:
    paper = new_paper(len(CANDIDATES))
    first, second = signed_in_page("user"), signed_in_page("admin")
    for page in (first, second):
        page.goto(f"{paper.page}?rows=all")
        expect(page.locator("#keys")).to_be_visible()
    # The second types where the first does, and hears nothing of it meanwhile.
    second.context.set_offline(True)
    type_column(second, 0, DISPUTED, more=1)
    type_column(first, 0, CANDIDATES, more=0)
    expect(first.locator("#status")).to_have_text(SAVED)
    second.context.set_offline(False)
    type_column(second, 1, CANDIDATES, more=0)
    expect(second.locator("[data-state=conflict]")).to_have_count(len(DISPUTED))
    for number in DISPUTED:
        decide(second, number, ("Tab", "Enter") if number % 2 else ("Tab", "Tab", "Enter"))
    for page in (first, second):
        expect(page.locator("#status")).to_have_text(SAVED)
        expect(page.locator("#counts")).to_have_text("250 of 250 done, 0 left")
    sheet = paper.clients["admin"].get(f"{paper.api('marks')}/marksheet?rows=all").expect(200)
    kept = {number for number in DISPUTED if number % 2}
    for number, line in zip(CANDIDATES, sheet["candidates"], strict=True):
        assert line["tasks"] == [(number + (number in kept)) % 31, number % 31]
        expect(first.locator(f"#t0-{number:04d}")).to_have_value(str(line["tasks"][0]))
        # None was stored twice: two marks, and a third where the second's was kept.
        path = f"{paper.api('marks')}/candidates/{line['candidate_no']}/history"
        changes = paper.clients["admin"].get(path).expect(200)["changes"]
        assert len(changes) == 2 + (number in kept)
    console.forget("ERR_INTERNET_DISCONNECTED")
