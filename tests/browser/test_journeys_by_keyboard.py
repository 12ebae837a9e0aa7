"""The work of exams officer, moderator and awarding body, each by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignedInPage
from tests.browser.keyboard import Keyboard
from tests.browser.papers import SAMPLE_IS_READY, MadePaper
from tests.support.waiting import wait_for

NewPaper = Callable[..., MadePaper]
ONE_TASK = [{"name": "Task 1", "max": 60}]
CANDIDATES = 4
BACK = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK} Series and papers"
SAID = "The work supports these marks."


@pytest.fixture
def paper(new_paper: NewPaper) -> MadePaper:
    """Complete, and not submitted."""
    made = new_paper(CANDIDATES, tasks=ONE_TASK, tolerance=3)
    made.fill([40], range(1, CANDIDATES + 1))
    return made


def title_of(paper: MadePaper) -> str:
    return str(paper.clients["admin"].get(paper.api("marks")).expect(200)["full_title"])


def at_home(signed_in_page: SignedInPage, role: str) -> Keyboard:
    page = signed_in_page(role)
    page.goto("/")
    return Keyboard(page)


def choose(keys: Keyboard, value: str) -> None:
    """Go down a list until it shows what is wanted."""
    focused = keys.page.locator(":focus")
    for _each in range(focused.locator("option").count()):
        if focused.input_value() == value:
            return
        keys.press("ArrowDown")
    assert focused.input_value() == value


def test_an_exams_officer_invites_submits_and_takes_the_report(
    signed_in_page: SignedInPage, paper: MadePaper
) -> None:
    title, keys = title_of(paper), at_home(signed_in_page, "admin")
    keys.open_menu()
    keys.follow("Manage Users")
    keys.follow("Invite User")
    for field, text in (("First", "Mair"), ("Last", "Bowen"), ("Email", "mair@afon.example")):
        keys.tab_to(f'textbox "{field}')
        keys.type(text)
    keys.push("Send invite")
    expect(keys.page.get_by_text("mair@afon.example").first).to_be_visible()
    keys.follow("Marks")
    keys.follow(f"Submit marks and generate samples ({CANDIDATES}): {title}")
    for declared in ("the work", "internal standardisation", "candidates have been told"):
        keys.tab_to(f'checkbox "{declared}')
        keys.press("Space")
    keys.push("Submit marks and generate sample")
    expect(keys.page.get_by_text(SAMPLE_IS_READY)).to_be_visible()
    keys.follow("Marks")
    keys.follow("View / Print Reports")
    keys.tab_to(f'link "PDF : {title}')
    with keys.page.expect_download() as download:
        keys.press("Enter")
    assert download.value.suggested_filename.endswith(".pdf")
    assert keys.at.startswith('link "PDF')


def test_a_moderator_marks_the_sample_and_writes_the_report(
    signed_in_page: SignedInPage, paper: MadePaper
) -> None:
    paper.submit()
    paper.wait_for_sample()
    paper.allocate()
    desk = f"{paper.api('sampling')}/moderation"
    wait_for("sampling knows", lambda: paper.clients["appointee"].get(desk).status == 200)
    keys = at_home(signed_in_page, "appointee")
    keys.follow(f"Moderate: {title_of(paper)}")
    sampled = keys.page.locator("input.moderator-mark").count()
    keys.tab_to('textbox "Moderator: Mark')
    for _each in range(sampled):
        keys.type("40", "Enter")
    assert keys.at.startswith('button "Save my marks"')
    expect(keys.page.locator("tr[data-state=saved]")).to_have_count(sampled)
    keys.page.reload()
    keys.tab_to('radio "Accepted')
    keys.push("Complete the moderation")
    expect(keys.page.get_by_text("Completed. The awarding body decides on it.")).to_be_visible()
    keys.page.goto("/")
    keys.follow(f"Write the report: {title_of(paper)}")
    for _section in range(keys.page.locator("textarea").count()):
        keys.tab_to("textbox")
        keys.type(SAID, "Tab")
    keys.tab_to('radio "The marks were accepted.')
    keys.press("Space")
    keys.push("Save the report")
    expect(keys.page.get_by_text("The report is saved.")).to_be_visible()


def test_the_awarding_body_changes_allocates_and_looks_how_far_all_are(
    signed_in_page: SignedInPage, paper: MadePaper
) -> None:
    title, keys = title_of(paper), at_home(signed_in_page, "board")
    keys.follow("Series and papers")
    keys.tab_to('searchbox "Title or code')
    keys.type(paper.code)
    keys.push("Search")
    keys.follow(f"Change: {title}")
    keys.tab_to('textbox "Tolerance in marks')
    keys.press("Control+a")
    keys.type("5")
    keys.push("Save")
    tolerance = paper.clients["board"].get(f"/api/marks/papers/{paper.paper_id}").expect(200)
    assert tolerance["tolerance"] == 5
    keys.follow(BACK)
    keys.follow("Allocations")
    keys.follow("Allocate a moderator")
    keys.tab_to('textbox "Centre number')
    keys.type(paper.centre_no)
    keys.push("Show its papers")
    keys.tab_to('combobox "Paper"')
    choose(keys, paper.paper_id)
    keys.tab_to('combobox "Moderator"')
    choose(keys, str(paper.clients.account("appointee")["email"]))
    keys.push("Allocate")
    expect(keys.page.get_by_role("row").filter(has_text=paper.code)).to_have_count(1)
    keys.follow("Progress")
    keys.follow(title)
    expect(keys.page.get_by_role("heading", level=1)).to_have_text(title)
