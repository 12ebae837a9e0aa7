"""What stands between a mark and its being stored: people, network, session, leaving."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.cells import message, press, state, type_at
from tests.browser.conftest import Console, SignedInPage, SignIns, assert_accessible
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]


@pytest.fixture
def paper(new_paper: NewPaper) -> MadePaper:
    """Three candidates, two tasks."""
    return new_paper(3)


@pytest.fixture
def sheet(paper: MadePaper, signed_in_page: SignedInPage) -> Page:
    page = signed_in_page("user")
    page.goto(paper.page)
    return page


def test_two_people_at_one_candidate(sheet: Page, paper: MadePaper) -> None:
    paper.put("0001", tasks=[30, None])
    type_at(sheet, "t0-0001", "15", "Tab")
    state(sheet, "t0-0001", "conflict")
    assert "Theirs: 30. Yours: 15." in message(sheet, "t0-0001")
    sheet.get_by_role("button", name="Take theirs").click()
    expect(sheet.locator("#t0-0001")).to_have_value("30")
    state(sheet, "t0-0001", "saved")
    paper.put("0001", tasks=[31, None])
    type_at(sheet, "t0-0001", "16", "Tab")
    state(sheet, "t0-0001", "conflict")
    assert paper.candidate("0001")["tasks"] == [31, None]
    # By keyboard: the buttons come next.
    sheet.locator("#t0-0001").focus()
    press(sheet, "Tab", "Enter")
    paper.wait_for("0001", tasks=[16, None])
    state(sheet, "t0-0001", "saved")


def test_two_people_at_two_tasks_disturb_nobody(sheet: Page, paper: MadePaper) -> None:
    paper.put("0001", tasks=[None, 20])
    type_at(sheet, "t0-0001", "15", "Tab")
    paper.wait_for("0001", tasks=[15, 20])
    expect(sheet.locator("#t1-0001")).to_have_value("20")
    expect(sheet.locator("#total-0001")).to_have_text("35")


def test_a_refused_mark_that_somebody_else_replaces_is_a_conflict(
    sheet: Page, paper: MadePaper
) -> None:
    type_at(sheet, "t0-0001", "41", "Tab")
    state(sheet, "t0-0001", "refused")
    paper.put("0001", tasks=[30, None])
    state(sheet, "t0-0001", "conflict")
    assert "Theirs: 30. Yours: 41." in message(sheet, "t0-0001")
    sheet.get_by_role("button", name="Keep mine").click()
    state(sheet, "t0-0001", "refused")
    type_at(sheet, "t0-0001", "Escape")
    state(sheet, "t0-0001", "saved")
    expect(sheet.locator("#t0-0001")).to_have_value("30")


def test_a_mark_submitted_meanwhile_stays(sheet: Page, paper: MadePaper) -> None:
    paper.fill([15, 20], [1, 2, 3])
    paper.submit()
    type_at(sheet, "t0-0001", "16", "Tab")
    state(sheet, "t0-0001", "refused")
    assert "submitted" in message(sheet, "t0-0001")
    assert paper.candidate("0001")["tasks"] == [15, 20]
    type_at(sheet, "t0-0001", "Escape")


def test_lists_of_what_is_submitted_meanwhile_are_closed(
    new_paper: NewPaper, signed_in_page: SignedInPage
) -> None:
    outcomes = ["Distinction", "Merit", "Pass"]
    paper = new_paper(2, tasks=None, outcomes=outcomes, sample_policy="per-outcome")
    for number in ("0001", "0002"):
        paper.put(number, outcome="Merit")
    page = signed_in_page("user")
    page.goto(paper.page)
    chosen, other = page.locator("#outcome-0001"), page.locator("#outcome-0002")
    chosen.focus()
    press(page, "d")
    paper.submit()
    expect(other).to_be_disabled()
    expect(other).to_have_accessible_description(re.compile("can be changed no more"))
    expect(page.locator("#locked-why")).to_be_visible()
    press(page, "Tab")
    state(page, "outcome-0001", "refused")
    expect(page.locator("#code-0001")).to_be_disabled()
    # What was refused can be taken back.
    chosen.focus()
    press(page, "Escape")
    expect(chosen).to_have_value("Merit")
    expect(chosen).to_be_disabled()
    assert_accessible(page)


def test_without_a_connection_it_is_tried_again(
    sheet: Page, paper: MadePaper, console: Console
) -> None:
    sheet.context.set_offline(True)
    type_at(sheet, "t0-0001", "15", "Tab", "16", "Tab")
    expect(sheet.locator("#trouble")).to_contain_text("Not saved yet, trying again")
    state(sheet, "t0-0002", "typed")
    sheet.context.set_offline(False)
    state(sheet, "t0-0001", "saved")
    state(sheet, "t0-0002", "saved")
    expect(sheet.locator("#trouble")).to_be_empty()
    paper.wait_for("0002", tasks=[16, None])
    console.forget("ERR_INTERNET_DISCONNECTED")


def test_when_the_session_has_ended_what_was_typed_is_kept(
    sheet: Page, paper: MadePaper, console: Console
) -> None:
    cookies = sheet.context.cookies()
    sheet.context.clear_cookies(name="iamis_session")
    type_at(sheet, "t0-0001", "15", "Tab")
    trouble = sheet.locator("#trouble")
    expect(trouble).to_contain_text("Your session has ended")
    link = trouble.get_by_role("link", name="Sign in again in a new tab")
    expect(link).to_have_attribute("target", "_blank")
    assert paper.candidate("0001")["tasks"] == [None, None]
    sheet.context.add_cookies(cookies)  # type: ignore[arg-type]
    trouble.get_by_role("button", name="Save now").click()
    state(sheet, "t0-0001", "saved")
    paper.wait_for("0001", tasks=[15, None])
    console.forget("401")


def test_nothing_is_saved_in_the_name_of_the_next_person(
    sheet: Page, paper: MadePaper, sign_ins: SignIns, console: Console
) -> None:
    own = sheet.context.cookies()
    sheet.context.clear_cookies(name="iamis_session")
    type_at(sheet, "t0-0001", "15", "Tab")
    again = sheet.locator("#trouble").get_by_role("button", name="Save now")
    again.wait_for()
    sheet.context.add_cookies(sign_ins.of("admin")["cookies"])
    again.click()
    expect(sheet.locator("#idle")).to_contain_text("Somebody else is signed in here now.")
    expect(again).to_be_visible()
    state(sheet, "t0-0001", "typed")
    assert paper.candidate("0001")["tasks"] == [None, None]
    sheet.context.add_cookies(own)  # type: ignore[arg-type]
    again.click()
    state(sheet, "t0-0001", "saved")
    paper.wait_for("0001", tasks=[15, None])
    console.forget("40[13]")


def test_a_link_saves_first(sheet: Page, paper: MadePaper) -> None:
    type_at(sheet, "t0-0001", "15")
    sheet.get_by_role("link", name="Back to the papers").click()
    sheet.wait_for_url("**/papers")
    assert paper.candidate("0001")["tasks"] == [15, None]


@pytest.mark.parametrize("way", ["#close", "main a[href$='/papers']"])
def test_a_finger_that_leaves_waits_for_the_question_of_absence(
    paper: MadePaper, signed_in_page: SignedInPage, way: str
) -> None:
    """It takes the focus from the cell and presses the button or the link in one go."""
    page = signed_in_page("user", has_touch=True)
    page.goto(paper.page)
    type_at(page, "t0-0001", "a")
    page.locator(way).first.tap()
    page.locator("#absent").get_by_role("button", name="No").tap()
    expect(page.locator("#t0-0001")).to_be_focused()
    press(page, "a")
    page.locator(way).first.tap()
    page.get_by_role("button", name="Yes, absent").tap()
    page.wait_for_url("**/papers")
    assert paper.candidate("0001")["code"] == "A"


def test_leaving_with_a_refused_mark_is_asked_about(sheet: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    sheet.on("dialog", stay)
    type_at(sheet, "t0-0001", "41", "Tab")
    state(sheet, "t0-0001", "refused")
    sheet.close(run_before_unload=True)
    expect(sheet.locator("#t0-0001")).to_have_value("41")
    assert asked == ["beforeunload"]
    type_at(sheet, "t0-0001", "Escape")
