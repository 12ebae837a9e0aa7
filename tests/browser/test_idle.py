"""The end of a session nobody touches, as it is seen: counted down, put off, and survived."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NARROW, SignedInPage

Accessible = Callable[[Page], None]
BAR = "#idle"


class Session:
    """Answers what is asked of the countdown, as if so many seconds were left."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.route("**/session", self._answer)

    def _answer(self, route: Route) -> None:
        answered: dict[str, Any] = route.fetch().json()
        route.fulfill(json=answered | {"left": self.left})

    def has(self, left: int) -> "Session":
        self.left = left
        return self


@pytest.fixture
def page(signed_in_page: SignedInPage) -> Page:
    return signed_in_page("user")


def test_nothing_is_said_while_there_is_time(page: Page) -> None:
    with page.expect_response("**/session") as asked:
        page.goto("/account")
    assert asked.value.json()["left"] > 3000
    expect(page.locator(BAR)).to_be_hidden()


def test_the_end_is_counted_down_and_put_off(page: Page, accessible: Accessible) -> None:
    session = Session(page).has(200)
    page.goto("/account")
    expect(page.locator(BAR)).to_contain_text("You will be signed out in 3:")
    accessible(page)
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
    session.has(3600)
    with page.expect_response("**/session/stay") as asked:
        page.get_by_role("button", name="Stay signed in").click()
    assert asked.value.status == 204
    expect(page.locator(BAR)).to_be_hidden()


def test_what_was_typed_outlives_the_session(page: Page) -> None:
    session = Session(page).has(2)
    page.goto("/account/password")
    page.locator("#new_password").fill("typed and not sent")
    expect(page.locator(BAR)).to_contain_text("You have been signed out.")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()
    session.has(3600)
    with page.expect_popup() as opened:
        page.locator("#idle-sign-in").click()
    opened.value.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(BAR)).to_be_hidden()
    expect(page.locator("#new_password")).to_have_value("typed and not sent")
