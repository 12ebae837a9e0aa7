"""Who may open which page: anyone, whoever is signed in, board staff."""

import re

import pytest

from services.gateway.page import Page
from services.gateway.pages import PAGES
from tests.support.gateway import Browser, FakeServices


def opened_by(*accesses: str) -> pytest.MarkDecorator:
    """For each page of that access that can be looked at."""
    found = [page for page in PAGES if page.access in accesses and "GET" in page.methods]
    return pytest.mark.parametrize("page", found, ids=lambda page: page.path)


def some_path(page: Page) -> str:
    one_of_several = re.sub(r"<any\((\w+).*?>", r"\1", page.path)
    return re.sub("<[a-z_]+>", "68101", one_of_several)


@opened_by("signed-in", "board")
def test_a_page_for_those_who_are_signed_in_asks_others_to_sign_in(
    browser: Browser, page: Page
) -> None:
    path = some_path(page)
    assert browser.get(path).location == f"/?next={path}"


@opened_by("board")
def test_a_page_for_board_staff_is_refused_to_others_without_asking(
    browser: Browser, fake: FakeServices, page: Page
) -> None:
    answer = browser.sign_in().get(some_path(page))
    assert (answer.status_code, fake.seen) == (403, [])
    assert "Your account may not do this." in answer.text


def test_few_pages_are_for_anyone() -> None:
    opened = {page.path for page in PAGES if page.access == "anyone"}
    steps = {"/sign-in/code", "/sign-in/authenticator", "/sign-in/password"}
    without_account = {
        "/accessibility",
        "/contact",
        "/forgot-password",
        "/guide",
        "/guide/<name>",
        "/reset-password",
        "/dev/mail",
    }
    switches = {"/language", "/scheme"}
    assert opened == {"/", "/sign-out", "/sign-in/recovery"} | switches | steps | without_account
