"""The moderator's workspace: what it shows of marks saved, refused or changed elsewhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, SignedInPage
from tests.browser.moderating import MARKS, SAMPLE, place, submitted_to_a_moderator
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]
Accessible = Callable[[Page], None]
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def submitted(new_paper: NewPaper) -> MadePaper:
    return submitted_to_a_moderator(new_paper)


def test_a_mark_that_somebody_else_changed_is_shown_and_not_lost(
    submitted: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("appointee")
    page.goto(place(submitted, "moderation"))
    row, box = page.locator("#c0003"), page.locator("#task-0-0003")
    elsewhere = {"candidates": [{"candidate_no": "0003", "total": 41}]}
    at = f"{submitted.api('sampling')}/moderation/marks"
    submitted.clients["appointee"].call("PATCH", at, elsewhere).expect(200)
    box.fill("43")
    box.press("Enter")
    expect(row).to_have_attribute("data-state", "refused")
    expect(page.locator("#e-0003")).to_contain_text("41")
    expect(box).to_have_value("43")
    expect(page.locator("#task-0-0005")).to_be_focused()
    accessible(page)
    box.fill("44")
    box.press("Enter")
    expect(row).to_have_attribute("data-state", "saved")
    expect(page.locator("#e-0003")).to_be_hidden()
    box.fill("61")
    box.press("Enter")
    expect(page.locator("#e-0003")).to_have_text("This must be a whole number from 0 to 60.")


def test_the_page_follows_the_marks_that_are_saved(
    submitted: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("appointee")
    page.goto(place(submitted, "moderation"))
    page.get_by_role("button", name="Hide the centre's marks").click()
    centre, stage = page.locator("#centre-0001"), page.locator("#stage")
    advice, points = page.locator("#advice"), page.locator("#plot :is(circle, rect) title")
    expect(centre).to_have_text("hidden")
    expect(stage).to_contain_text("Stage 1 of 2.")
    expect(advice).to_contain_text("0001")
    page.locator("#task-0-0001").focus()
    page.keyboard.type(str(MARKS["0001"] - 5))
    page.keyboard.press("Enter")
    expect(stage).to_contain_text("Stage 2 of 2.")
    expect(centre).to_have_text(str(MARKS["0001"]))
    expect(advice).to_contain_text("still missing: 0003, 0005")
    expect(page.locator("#task-0-0003")).to_be_focused()
    for number in SAMPLE[1:]:
        page.keyboard.type(str(MARKS[number] - 5))
        page.keyboard.press("Enter")
    # Where nobody has chosen, the rules do; the box in hand stays the one in hand.
    page.locator("#outcome-accepted").focus()
    expect(advice).to_contain_text("What the rules make of your marks: Adjusted")
    expect(points).to_have_count(len(SAMPLE))
    expect(page.locator("#outcome-adjusted")).to_be_checked()
    expect(page.locator("#outcome-accepted")).to_be_focused()
    accessible(page)
    page.locator("#outcome-accepted").check()
    page.locator("#task-0-0005").fill("60")
    page.locator("#comment").fill("As I see it")
    expect(advice).to_contain_text("Re-marked")
    expect(page.locator("#outcome-accepted")).to_be_checked()
    expect(page.locator("#comment")).to_have_value("As I see it")
    expect(page.locator("#comment")).to_be_focused()


def test_marks_are_saved_without_script_too(
    submitted: MadePaper, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("appointee", java_script_enabled=False)
    page.goto(place(submitted, "moderation"))
    page.locator("#task-0-0001").fill("49")
    page.locator("#task-0-0003").fill("61")
    page.get_by_role("button", name="Save my marks").click()
    expect(page.locator("#e-0003")).to_be_visible()
    expect(page.locator("#task-0-0003")).to_have_value("61")
    page.locator("#task-0-0003").fill("44")
    page.get_by_role("button", name="Save my marks").click()
    expect(page.get_by_text("1 mark saved.")).to_be_visible()
    expect(page.locator("#task-0-0001")).to_have_value("49")


def test_the_workspace_in_welsh_on_a_narrow_screen(
    submitted: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("appointee", viewport=NARROW)
    page.goto(place(submitted, "moderation"))
    page.get_by_role("button", name="Cymraeg").click()
    expect(page.locator("h1")).to_have_text("Cymedroli")
    accessible(page)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) <= 0
    page.get_by_role("button", name="English").click()


def test_the_preview_names_everybody_and_adjusts_by_marks_alone(
    submitted: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("appointee", viewport=NARROW)
    page.goto(place(submitted, "moderation"))
    page.get_by_role("link", name="What an adjustment makes of every candidate's mark").click()
    expect(page.get_by_text("No mark of the moderator is saved yet")).to_be_visible()
    expect(page.get_by_role("rowheader", name="0001 ")).to_be_visible()
    accessible(page)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) <= 0
    row = {"candidates": [{"candidate_no": "0001", "total": MARKS["0001"] - 5}]}
    at = f"{submitted.api('sampling')}/moderation/marks"
    submitted.clients["appointee"].call("PATCH", at, row).expect(200)
    page.reload()
    expect(page.get_by_text("mark before + -5.00")).to_be_visible()
