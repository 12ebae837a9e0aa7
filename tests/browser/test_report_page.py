"""The candidate details report on screens and on paper, light and dark, wide and narrow."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, SignedInPage, look
from tests.browser.papers import MadePaper
from tests.support.waiting import wait_for
from tests.unit.reports.pdf import text_of

NewPaper = Callable[..., MadePaper]
Accessible = Callable[[Page], None]
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(33, 37, 41)"
RED, LIGHT_RED = "rgb(163, 0, 27)", "rgb(255, 154, 154)"
UNPRINTED = ":is(nav, header, footer, button, .action-row, .back):visible"
# More than a page of paper has room for.
CANDIDATES = 60
ERROR = {"candidate_no": "0001", "tasks": [21, 15], "reason": "Task 1 was added up wrongly."}


@pytest.fixture
def amended(new_paper: NewPaper) -> MadePaper:
    """Submitted, and its first candidate corrected by the moderator."""
    paper = new_paper(CANDIDATES)
    paper.fill([20, 15], range(1, CANDIDATES + 1))
    paper.submit()
    paper.allocate()
    errors = f"{paper.api('marks')}/clerical-errors"
    paper.clients["appointee"].post(errors, ERROR).expect(201)
    report = f"{paper.api('reports')}/candidate-details"

    def is_reported() -> bool:
        found = paper.clients["admin"].get(report)
        return found.status == 200 and bool(found.json["rows"][0]["amended"])

    wait_for("the report has the correction", is_reported)
    return paper


def place(paper: MadePaper) -> str:
    return paper.page.replace("/marksheet", "/report")


def colours(page: Page) -> tuple[Any, Any]:
    """Of the page, and of the amended mark on it."""
    return (
        page.evaluate("getComputedStyle(document.body).backgroundColor"),
        page.locator(".amended").evaluate("mark => getComputedStyle(mark).color"),
    )


def test_it_is_as_dark_as_the_other_pages_and_white_on_paper(
    amended: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("user", color_scheme="dark")
    page.goto(place(amended))
    tab = page.get_by_role("navigation", name="This paper").locator("[aria-current]")
    expect(tab).to_have_text("Report")
    expect(page.locator("tbody tr").first).to_contain_text("35 36 (amended)")
    assert colours(page) == (DARK, LIGHT_RED)
    accessible(page)
    page.emulate_media(color_scheme="light")
    assert colours(page) == (LIGHT, RED)
    accessible(page)
    page.emulate_media(color_scheme="dark", media="print")
    assert colours(page) == (LIGHT, RED)
    expect(page.locator(UNPRINTED)).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_it_is_read_on_a_telephone(
    amended: MadePaper, signed_in_page: SignedInPage, accessible: Accessible, language: str
) -> None:
    page = signed_in_page("user", viewport=NARROW, color_scheme="dark")
    page.goto("/contact")
    page.context.add_cookies([{"name": "iamis_language", "value": language, "url": page.url}])
    page.goto(place(amended))
    expect(page.locator("html")).to_have_attribute("lang", language)
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("1 0001 ")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    region = page.locator(".table-responsive")
    assert region.evaluate("region => region.scrollWidth <= region.clientWidth")
    accessible(page)
    look(page, f"report-narrow-{language}")
    page.set_viewport_size(WIDE)
    expect(page.locator("thead")).to_be_in_viewport()
    look(page, f"report-wide-{language}")


def test_paper_has_the_report_and_nothing_else(
    amended: MadePaper, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("user", color_scheme="dark")
    page.goto(place(amended))
    sheets = text_of(page.pdf(prefer_css_page_size=True, print_background=True))
    assert 2 <= len(sheets) <= 4
    for number, sheet in enumerate(sheets, 1):
        # The heads of the table, which may be broken into lines.
        assert "Initials" in sheet
        assert f"{number} / {len(sheets)}" in sheet
    whole = "\n".join(sheets)
    for said in ("CANDIDATE DETAILS REPORT", amended.code, amended.centre_no, "(amended)", "0060"):
        assert said in whole
    for unsaid in ("Marksheet", "Excel", "Back to", "Print this", "Contact us", "Helpline"):
        assert unsaid not in whole


def test_by_itself_it_follows_the_device_too(
    amended: MadePaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("user", color_scheme="dark")
    page.goto(f"{amended.api('reports')}/candidate-details?format=html")
    assert colours(page) == (DARK, LIGHT_RED)
    expect(page.get_by_role("button", name="Print this report")).to_be_visible()
    accessible(page)
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.emulate_media(color_scheme="dark", media="print")
    assert colours(page) == (LIGHT, RED)
    expect(page.locator(UNPRINTED)).to_have_count(0)
