"""The pages of the awarding body: each is found by its links, and usable by everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, SignedInPage, unfold

Accessible = Callable[[Page], None]
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth - window.innerWidth"
LINES = """all => all.map(
  (one) => Math.round(one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight))
)"""
# From the board's home: what is followed there, and then on the page that it leads to.
WAYS = (
    ("Moderation",),
    ("Moderators' reports",),
    ("Sampling policies",),
    ("Allocations", "Allocate a moderator"),
    ("Allocations", "Allocations from a file"),
    ("Audit trail",),
    ("Names of centres", "Add a centre"),
    ("Names of centres", "Rename: 68101 Ysgol Glan yr Afon"),
    ("Appointees", "Invite an appointee"),
    ("Appointees", "Change: Gwilym Hopkins"),
    ("Board staff", "Invite board staff"),
    ("Service accounts", "Make a service account"),
    ("Series and papers", "Add a paper"),
    ("Series and papers", "Copy papers of a series"),
)


def check(page: Page, accessible: Accessible) -> None:
    expect(page.locator("main h1")).to_be_visible()
    accessible(page)
    assert page.evaluate(WIDER_THAN_THE_SCREEN) <= 0, page.url


def test_every_page_is_reached_read_and_fits(
    signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("board", viewport=NARROW)
    for way in WAYS:
        page.goto("/board")
        unfold(page, "The awarding body")
        for link in way:
            page.get_by_role("link", name=link, exact=True).click()
            check(page, accessible)


@pytest.mark.parametrize(
    ("address", "whole"),
    [("/board/allocations", ".email"), ("/centres/68101/progress", ".behind > div")],
)
def test_on_a_wide_screen_a_line_is_not_broken(
    signed_in_page: SignedInPage, address: str, whole: str
) -> None:
    page = signed_in_page("board", viewport={"width": 1440, "height": 900})
    page.goto(address)
    lines = page.locator(whole).evaluate_all(LINES)
    assert lines
    assert set(lines) == {1}


def test_a_narrow_screen_breaks_an_address_before_its_at_sign(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("board", viewport=NARROW)
    page.goto("/board/allocations")
    assert set(page.locator(".email").evaluate_all(LINES)) == {2}


def test_a_policy_is_previewed_with_a_plot(
    signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    page = signed_in_page("board", viewport=NARROW)
    page.goto("/board/policies")
    page.get_by_label("Policy").select_option("wjec-rank-order")
    page.get_by_label("Marks").fill(" ".join(map(str, range(58, 0, -1))))
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("16 of 58 candidates are chosen.")).to_be_visible()
    expect(page.locator("svg .plot-within")).to_have_count(16)
    check(page, accessible)


def test_without_script_a_secret_is_shown_once_and_the_account_revoked(
    signed_in_page: SignedInPage,
) -> None:
    page = signed_in_page("board", viewport=NARROW, java_script_enabled=False)
    page.goto("/board")
    unfold(page, "The awarding body")
    page.get_by_role("link", name="Service accounts", exact=True).click()
    page.get_by_role("link", name="Make a service account", exact=True).click()
    page.locator("#name").fill("Nightly reader")
    page.get_by_label("read marks").check()
    page.get_by_role("button", name="Make the service account").click()
    expect(page.get_by_text("Copy the secret now: it is not shown again.")).to_be_visible()
    expect(page.locator("code.secret")).to_have_count(2)
    page.get_by_role("link", name="Service accounts").click()
    page.get_by_role("link", name="Change: Nightly reader").click()
    page.get_by_role("button", name="Revoke the service account").click()
    expect(page.get_by_text("Nightly reader is revoked")).to_be_visible()
