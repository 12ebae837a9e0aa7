"""Where the store has a public address, parts of large files go from the browser straight to it."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Playwright, Request, Route, expect

from tests.browser.conftest import ARGUMENTS, CHROMIUM, Console, sign_in
from tests.browser.papers import Clients, MadePaper, make_paper
from tests.browser.test_evidence import evidence_of, submitted_and_known
from tests.browser.test_evidence_parts import WHOLE, film, listed
from tests.support.large_files import PUBLIC_URL
from tests.support.stack import Stack, running_stack

__all__ = ["film"]
pytestmark = pytest.mark.long
# A name that only the browser of the test knows: it is led to wherever the store listens.
PUBLIC = urlsplit(PUBLIC_URL).netloc


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    told = {"IAMIS_S3_PUBLIC_URL": PUBLIC_URL}
    with running_stack(tmp_path_factory.mktemp("home"), environment=told) as running:
        yield running


@pytest.fixture(scope="module")
def paper(direct: Stack) -> MadePaper:
    made = make_paper(Clients(direct), 2)
    submitted_and_known(made)
    return made


@pytest.fixture
def page(playwright: Playwright, direct: Stack, console: Console) -> Iterator[Page]:
    """Of a teacher, in a browser that finds the store."""
    there = f"--host-resolver-rules=MAP {PUBLIC} 127.0.0.1:{direct.instance.ports['store']}"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, there])
    page = browser.new_context(base_url=direct.base_url).new_page()
    console.listen(page)
    sign_in(page, next(one for one in direct.accounts if one["role"] == "user"))
    yield page
    browser.close()


def test_parts_go_straight_to_the_store_and_around_it_where_that_fails(
    paper: MadePaper, page: Page, film: Path, console: Console
) -> None:
    hosts: list[str] = []

    def note(request: Request) -> None:
        if request.method == "PUT":
            hosts.append(urlsplit(request.url).netloc)

    failing = ["once"]

    def fail_once(route: Route) -> None:
        if failing and route.request.method == "PUT":
            failing.pop()
            route.abort()
        else:
            route.continue_()

    page.on("request", note)
    page.route(re.compile(r"partNumber=2&"), fail_once)
    page.goto(evidence_of(paper))
    page.locator("#c0001-input").set_input_files(film)
    expect(page.locator("#c0001-files li")).to_have_count(1)
    assert listed(paper) == WHOLE
    here = urlsplit(page.url).netloc
    assert hosts == [PUBLIC, PUBLIC, here, here]
    console.forget("ERR_FAILED")
