"""A narrow screen begins with the work; what it folds is found by keyboard, without script too."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.conftest import NARROW, WIDE, SignedInPage, assert_accessible, look
from tests.browser.keyboard import Keyboard
from tests.browser.papers import MadePaper

NewPaper = Callable[..., MadePaper]
TELEPHONE: ViewportSize = {"width": 390, "height": 844}
ROLES = ("admin", "user", "user-no-iamis", "appointee", "board")
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth - window.innerWidth"
# How far the row is above what stands at the lower edge of the screen.
ABOVE_THE_BAR = """(row) => document.querySelector(".sheet-bar").getBoundingClientRect().top
    - row.getBoundingClientRect().bottom"""
LINES = "(tabs) => new Set([...tabs.children].map((tab) => tab.offsetTop)).size"
MARKED = """(summary) => {
  const { outlineStyle, boxShadow } = getComputedStyle(summary);
  return outlineStyle !== "none" || boxShadow !== "none";
}"""
# Where the buttons of each kind begin, in all lists of the page.
BEGINNINGS = """(buttons) => {
  const found = {};
  for (const button of buttons) {
    const place = [...button.classList].find((name) => name.startsWith("at-"));
    const from = Math.round(button.getBoundingClientRect().left);
    (found[place ?? button.innerText] ??= []).push(from);
  }
  return found;
}"""


def unfold_by_keyboard(page: Page, label: str) -> Locator:
    """Open what is folded with the keys alone; its summary."""
    summary = page.locator(".fold > summary").filter(has_text=label)
    keys = Keyboard(page)
    for _each in range(100):
        keys.press("Tab")
        if summary.evaluate("(element) => element === document.activeElement"):
            break
    expect(summary).to_be_focused()
    assert summary.evaluate(MARKED)
    keys.press("Enter")
    return summary


def without_hints(page: Page, address: str) -> None:
    """As those have a page who know it."""
    page.goto("/services")
    home = urlsplit(page.url)._replace(path="/", query="").geturl()
    page.context.add_cookies([{"name": "iamis_hints", "value": "marksheet", "url": home}])
    page.goto(address)


@pytest.mark.parametrize("size", [NARROW, TELEPHONE], ids=["narrow", "telephone"])
def test_the_first_candidate_is_on_the_first_screen(
    new_paper: NewPaper, signed_in_page: SignedInPage, size: ViewportSize
) -> None:
    paper = new_paper(30, title="ENGLISH LANGUAGE", unit="UNIT 1 ORACY", initials_required=True)
    page = signed_in_page("user", viewport=size)
    without_hints(page, paper.page)
    expect(page.locator("[data-without-script]")).to_have_count(0)
    look(page, f"narrow-marksheet-{size['width']}")
    above = page.locator("#c0001").evaluate(ABOVE_THE_BAR)
    print(f"{above:.0f} px of the screen are left below the first candidate")
    assert above >= 0
    expect(page.get_by_role("button", name="Save and close")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("script", [True, False])
def test_options_and_actions_are_folded_and_tell_what_is_in_force(
    new_paper: NewPaper, signed_in_page: SignedInPage, *, script: bool
) -> None:
    page = signed_in_page("user", viewport=NARROW, java_script_enabled=script)
    page.goto(f"{new_paper(3).page}?show=unmarked&sort=name")
    search, file = page.locator("#search"), page.get_by_role("link", name="Marks from a file")
    expect(search).to_be_hidden()
    expect(file).to_be_hidden()
    told = unfold_by_keyboard(page, "Options")
    expect(told).to_have_text("Options · Sort by: Name · Show: Unmarked")
    unfold_by_keyboard(page, "More actions")
    expect(file).to_be_visible()
    if script:
        expect(page.get_by_role("button", name="Print")).to_be_visible()
        assert_accessible(page)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) <= 0
    search.fill("nobody")
    search.press("Enter")
    expect(page.get_by_text("No candidates match “nobody”.")).to_be_visible()
    expect(search).to_be_hidden()
    expect(page.locator(".fold > summary").filter(has_text="“nobody”")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_wide_screen_folds_nothing(
    new_paper: NewPaper, signed_in_page: SignedInPage, *, script: bool
) -> None:
    page = signed_in_page("user", java_script_enabled=script)
    page.goto(new_paper(3).page)
    expect(page.get_by_label("Candidate search")).to_be_visible()
    expect(page.get_by_role("link", name="Marks from a file")).to_be_visible()
    expect(page.get_by_role("link", name="All services")).to_be_visible()
    assert not page.locator(".fold").evaluate_all(
        "(folds) => folds.some((fold) => fold.checkVisibility())"
    )


def test_a_slash_goes_to_a_candidate_though_the_field_is_folded(
    new_paper: NewPaper, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("user", viewport=NARROW)
    page.goto(new_paper(30).page)
    expect(page.locator("#tools")).to_be_visible()
    expect(page.locator("#jump")).to_be_hidden()
    page.locator("#t0-0001").focus()
    page.keyboard.press("/")
    expect(page.locator("#jump")).to_be_focused()
    page.keyboard.type("0017")
    expect(page.locator("#t0-0017")).to_be_focused()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert_accessible(page)


def test_tabs_are_one_line_with_the_open_one_in_sight(
    new_paper: NewPaper, signed_in_page: SignedInPage
) -> None:
    paper = new_paper(12, upload="candidate")
    paper.fill([20, 10], range(1, 13))
    paper.submit()
    paper.wait_for_sample()
    page = signed_in_page("admin", viewport=NARROW)
    tabs = page.get_by_role("navigation", name="This paper")
    for name in ("marksheet", "timeline", "requests", "moderator"):
        page.goto(paper.page.replace("marksheet", name))
        assert tabs.evaluate(LINES) == 1, name
        expect(tabs.locator("[aria-current=page]")).to_be_in_viewport(ratio=1)
        look(page, f"narrow-tabs-{name}")
        assert_accessible(page)
    tabs.get_by_role("link", name="Marksheet").click()
    expect(page).to_have_url(paper.page)


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_of_the_site_is_folded(signed_in_page: SignedInPage, role: str) -> None:
    page = signed_in_page(role, viewport=NARROW)
    page.goto("/services")
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    unfold_by_keyboard(page, "Menu")
    expect(menu.get_by_role("link")).to_have_text(["All services", "Marks", "Help"])
    expect(menu.locator("[aria-current=page]")).to_have_text("All services")
    assert_accessible(page)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) <= 0
    menu.get_by_role("link", name="Help").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_the_pages_of_the_board_are_folded(signed_in_page: SignedInPage, *, script: bool) -> None:
    page = signed_in_page("board", viewport=NARROW, java_script_enabled=script)
    page.goto("/board/moderations")
    links = page.get_by_role("navigation", name="The awarding body")
    expect(links).to_be_hidden()
    told = unfold_by_keyboard(page, "The awarding body")
    expect(told).to_have_text("The awarding body · Moderation")
    expect(links.get_by_role("link")).to_have_count(13)
    expect(links.locator("[aria-current=page]")).to_have_text("Moderation")
    look(page, f"narrow-board-{script}")
    if script:
        assert_accessible(page)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) <= 0
    page.set_viewport_size(WIDE)
    expect(links).to_be_visible()
    expect(told).to_be_hidden()


@pytest.mark.parametrize("role", ["admin", "appointee"])
@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_buttons_of_papers_stand_below_one_another(
    signed_in_page: SignedInPage, role: str, width: int
) -> None:
    page = signed_in_page(role, viewport={"width": width, "height": 900})
    page.goto("/")
    look(page, f"papers-{role}-{width}")
    found = page.locator(".paper-actions > *").evaluate_all(BEGINNINGS)
    assert max(len(each) for each in found.values()) > 1
    assert {place: sorted(set(each)) for place, each in found.items() if len(set(each)) > 1} == {}
