"""A real browser before the whole running system.

`signed_in_page("user")` gives a page of that role's first demo account; a console error on any page
fails the test, and what was on the screen then is in `test-results/`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.papers import Clients, MadePaper, make_paper
from tests.support.codes import codes
from tests.support.stack import ROOT, Stack, running_stack

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
RESULTS = ROOT / "test-results"
LOOKS = 3
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}
# Generous: a busy machine is slow, and a time is never asserted.
WAIT_MS = 30_000
# The longest name that a qualification has.
HELPLINE = {"IAMIS_HELPLINES": "WELSH BACCALAUREATE=wbq@board.example 029 2018 0104"}

NewPage = Callable[..., Page]
SignedInPage = Callable[..., Page]
expect.set_options(timeout=WAIT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("home"), environment=HELPLINE) as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """There can be one of a process alone."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


class SignIns:
    """Signs each account in once, through the forms, and keeps its cookies for further pages."""

    def __init__(self, stack: Stack, chromium: Browser) -> None:
        self._stack = stack
        self._chromium = chromium
        self._kept: dict[str, Any] = {}

    def of(self, role: str) -> Any:
        """The cookies of the role's first account."""
        if role not in self._kept:
            account = next(one for one in self._stack.accounts if one["role"] == role)
            context = self._chromium.new_context(base_url=self._stack.base_url)
            sign_in(context.new_page(), account)
            self._kept[role] = context.storage_state()
            context.close()
        return self._kept[role]


def sign_in(page: Page, account: Mapping[str, str]) -> None:
    """As a person does it."""
    page.set_default_timeout(WAIT_MS)
    page.goto("/")
    page.locator("input[type=email]").fill(account["email"])
    page.locator("input[type=password]").fill(account["password"])
    page.keyboard.press("Enter")
    for code in codes(account["totp_secret"]):
        field = page.locator("input[autocomplete=one-time-code]")
        field.fill(code)
        with page.expect_navigation():
            field.press("Enter")
        if not page.locator("input[autocomplete=one-time-code]").count():
            return
    pytest.fail(f"{account['email']} cannot sign in")


@pytest.fixture(scope="session")
def sign_ins(stack: Stack, chromium: Browser) -> SignIns:
    return SignIns(stack, chromium)


class Console:
    """What the pages of a test logged as errors; a test takes away those it provokes."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("console", self._on_message)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _on_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location})")

    def forget(self, pattern: str) -> None:
        self.errors = [error for error in self.errors if not re.search(pattern, error)]


@pytest.fixture
def console() -> Iterator[Console]:
    console = Console()
    yield console
    assert console.errors == []


@pytest.fixture
def new_page(
    request: pytest.FixtureRequest, stack: Stack, chromium: Browser, console: Console
) -> Iterator[NewPage]:
    """Opens a page in a browser of its own; options are those of its context (viewport, script)."""
    pages: list[Page] = []

    def open_page(**options: Any) -> Page:
        chosen = {"viewport": WIDE, "reduced_motion": "reduce"} | options
        page = chromium.new_context(base_url=stack.base_url, **chosen).new_page()
        page.set_default_timeout(WAIT_MS)
        console.listen(page)
        pages.append(page)
        return page

    yield open_page
    for number, page in enumerate(pages):
        # Whether there is a picture of its end says nothing of a test.
        with suppress(Error):
            look(page, f"{request.node.name}-{number}")
        page.context.close()


@pytest.fixture
def signed_in_page(new_page: NewPage, sign_ins: SignIns) -> SignedInPage:
    """Opens a page of an account."""

    def open_page(role: str, **options: Any) -> Page:
        return new_page(storage_state=sign_ins.of(role), **options)

    return open_page


def look(page: Page, name: str) -> None:
    """Keep what is on the screen, for people to look at.

    A busy browser may have none to give at once: it is asked again, and the last error raised.
    """
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name)}.png"
    for _again in range(LOOKS - 1):
        with suppress(Error):
            page.screenshot(path=path)
            return
    page.screenshot(path=path)


def unfold(page: Page, label: str) -> None:
    """Open what a narrow screen folds."""
    page.locator(".fold > summary").filter(has_text=label).click()


def assert_accessible(page: Page) -> None:
    """No violation of the rules of axe (WCAG 2.2 AA and its best practices)."""
    expect(page.get_by_role("main")).to_be_visible()
    violations = Axe().run(page).response["violations"]
    assert not violations, [
        (found["id"], found["help"], [node["html"][:200] for node in found["nodes"][:3]])
        for found in violations
    ]


@pytest.fixture(scope="session")
def clients(stack: Stack) -> Clients:
    return Clients(stack)


@pytest.fixture
def new_paper(clients: Clients) -> Callable[..., MadePaper]:
    """Makes a paper with so many candidates; other arguments are those of `POST papers`."""
    return partial(make_paper, clients)


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    return assert_accessible
