"""The end of a session nobody touches, as it is seen: counted down, put off, and survived."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NARROW, SignedInPage, SignIns

Accessible = Callable[[Page], None]
BAR = "#idle"
SAID = "#idle-said"
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
TOKENS = """() => [...document.querySelectorAll('meta[name=csrf-token], input[name=csrf_token]')]
    .map((each) => each.getAttribute('content') ?? each.getAttribute('value'))"""


class Session:
    """Answers what is asked of the countdown, as if so many seconds were left."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked = 0
        page.route("**/session", self._answer)

    def _answer(self, route: Route) -> None:
        self.asked += 1
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
    page.evaluate(LOOK)
    expect(page.locator(BAR)).to_be_hidden()
    expect(page.locator("#new_password")).to_have_value("typed and not sent")


def test_the_countdown_is_read_out_now_and_then_and_the_server_asked_each_minute(
    page: Page,
) -> None:
    text, said = page.locator("#idle-text"), page.locator(SAID)
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    session = Session(page).has(240)
    page.goto("/account")
    expect(said).to_contain_text("in 4:00 unless")
    page.clock.run_for(59_000)
    expect(text).to_contain_text("in 3:01 unless")
    expect(said).to_contain_text("in 4:00 unless")
    assert session.asked == 1
    session.has(121)
    page.clock.run_for(1000)
    expect(text).to_contain_text("in 2:01 unless")
    expect(said).to_contain_text("in 4:00 unless")
    assert session.asked == 2
    session.has(60)
    page.clock.run_for(1000)
    expect(text).to_contain_text("in 1:00 unless")
    expect(said).to_contain_text("in 1:00 unless")
    page.clock.run_for(59_000)
    expect(text).to_contain_text("in 0:01 unless")
    expect(said).to_contain_text("in 1:00 unless")
    page.clock.run_for(1000)
    expect(said).to_contain_text("You have been signed out.")
    assert session.asked == 3


def test_after_going_on_the_focus_is_where_it_was(page: Page) -> None:
    session = Session(page).has(200)
    page.goto("/account/password")
    page.locator("#new_password").focus()
    stay = page.get_by_role("button", name="Stay signed in")
    stay.focus()
    session.has(3600)
    page.keyboard.press("Enter")
    expect(stay).to_be_hidden()
    expect(page.locator("#new_password")).to_be_focused()
    expect(page.locator(SAID)).to_be_empty()


def test_a_page_does_not_go_on_with_the_session_of_somebody_else(
    page: Page, sign_ins: SignIns, accessible: Accessible
) -> None:
    page.goto("/account/password")
    own, tokens = page.context.cookies(), page.evaluate(TOKENS)
    page.context.add_cookies(sign_ins.of("admin")["cookies"])
    page.evaluate(LOOK)
    expect(page.locator(SAID)).to_contain_text("Somebody else is signed in here now.")
    expect(page.locator(BAR)).to_contain_text("open it anew, or sign in again as yourself")
    expect(page.locator(f"{BAR} :is(button, a)").filter(visible=True)).to_have_count(0)
    assert page.evaluate(TOKENS) == tokens
    accessible(page)
    page.context.add_cookies(own)  # type: ignore[arg-type]
    page.evaluate(LOOK)
    expect(page.locator(BAR)).to_be_hidden()
