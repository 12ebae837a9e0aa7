"""What belongs together stands together, in Welsh too, whose words are longer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import SignedInPage
from tests.browser.moderating import place, submitted_to_a_moderator
from tests.browser.papers import MadePaper
from tests.support.stack import Stack

NewPaper = Callable[..., MadePaper]
Opened = Callable[..., Page]
TABLET: ViewportSize = {"width": 768, "height": 900}
DESK: ViewportSize = {"width": 1440, "height": 900}
WIDTHS = """all => all.map((one) => one.getBoundingClientRect().width)"""
HEIGHTS = """all => all.map((one) => one.getBoundingClientRect().height)"""
LOWER_EDGES = """all => all.map((one) => Math.round(one.getBoundingClientRect().bottom))"""
PIECES = """all => all.map((one) => one.getClientRects().length)"""
LINES = """all => all.map((one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return new Set([...range.getClientRects()].map((box) => Math.round(box.bottom))).size;
})"""


@pytest.fixture
def in_welsh(signed_in_page: SignedInPage, stack: Stack) -> Opened:
    """Opens an address as that role has it."""

    def opened(role: str, address: str, viewport: ViewportSize) -> Page:
        page = signed_in_page(role, viewport=viewport)
        kept = {"name": "iamis_language", "value": "cy", "url": stack.base_url}
        page.context.add_cookies([kept])  # type: ignore[list-item]
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", "cy")
        return page

    return opened


@pytest.fixture
def submitted(new_paper: NewPaper) -> MadePaper:
    paper = new_paper(2, initials_required=True, upload="candidate")
    paper.fill([20, 15], [1, 2])
    paper.submit()
    paper.wait_for_sample()
    return paper


def test_a_list_is_as_wide_as_its_page(in_welsh: Opened) -> None:
    page = in_welsh("board", "/board/accounts/appointee", TABLET)
    lists = page.locator("table, .board-links")
    assert len(set(lists.evaluate_all(WIDTHS))) == 1


def test_what_a_block_says_takes_its_whole_width(in_welsh: Opened) -> None:
    page = in_welsh("board", "/board/allocations", TABLET)
    first = page.locator("tbody > tr").first.locator("xpath=. | ./*")
    assert len(set(first.evaluate_all(WIDTHS))) == 1


@pytest.mark.parametrize("viewport", [TABLET, DESK], ids=["tablet", "desk"])
def test_a_search_button_stands_beside_its_fields(
    submitted: MadePaper, in_welsh: Opened, viewport: ViewportSize
) -> None:
    for role, address in (("board", "/board/audit"), ("user", submitted.page)):
        form = in_welsh(role, address, viewport).locator("form[role=search]")
        controls = form.locator("input, select, button")
        assert len(set(controls.evaluate_all(LOWER_EDGES))) == 1, address


@pytest.mark.parametrize("viewport", [TABLET, DESK], ids=["tablet", "desk"])
def test_buttons_of_a_moderator_are_of_one_height(in_welsh: Opened, viewport: ViewportSize) -> None:
    page = in_welsh("appointee", "/", viewport)
    assert len(set(page.locator(".paper-actions > .btn").evaluate_all(HEIGHTS))) == 1


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_neither_a_name_nor_what_stands_in_brackets_over_a_column_is_broken(
    submitted: MadePaper, in_welsh: Opened, width: int
) -> None:
    size: ViewportSize = {"width": width, "height": 900}
    for name, names in (("marksheet", "td.name"), ("report", "td.who:not(.text-end)")):
        page = in_welsh("user", place(submitted, name), size)
        whole = page.locator(".table th > .together")
        assert set(whole.evaluate_all(LINES)) == {1}, name
        if width >= TABLET["width"]:
            assert set(page.locator(names).evaluate_all(LINES)) == {1}, name


def test_the_comment_has_the_room_that_a_mark_does_not_need(
    new_paper: NewPaper, in_welsh: Opened
) -> None:
    paper = submitted_to_a_moderator(new_paper)
    page = in_welsh("appointee", place(paper, "moderation"), DESK)
    mark, comment = page.locator("#h-task-0, #h-comment").evaluate_all(WIDTHS)
    assert comment > mark
    assert set(page.locator(".moderation td:last-child > a").evaluate_all(PIECES)) == {1}
    page.set_viewport_size(TABLET)
    expect(page.locator("#c0001 > td:has(.moderator-mark)")).to_have_attribute(
        "data-label", "Cymedrolwr: Marc"
    )
