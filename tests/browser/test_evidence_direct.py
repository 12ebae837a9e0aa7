"""Where the store has a public address, parts of large files go from the browser straight to it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, Route, expect

from services.uploads.domain.parts import PART_BYTES
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Console, SignIns
from tests.browser.papers import Clients, MadePaper, make_paper
from tests.browser.test_evidence import evidence_of, submitted_and_known
from tests.browser.test_evidence_parts import WHOLE, film, listed
from tests.support.large_files import PUBLIC_URL
from tests.support.stack import Stack, running_stack
from tests.support.waiting import wait_for

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


@pytest.fixture(scope="module")
def browser(playwright: Playwright, direct: Stack) -> Iterator[Browser]:
    """One that finds the store."""
    there = f"--host-resolver-rules=MAP {PUBLIC} 127.0.0.1:{direct.instance.ports['store']}"
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, there])
    yield running
    running.close()


@pytest.fixture(scope="module")
def sign_ins(direct: Stack, browser: Browser) -> SignIns:
    return SignIns(direct, browser)


@pytest.fixture
def page(direct: Stack, browser: Browser, sign_ins: SignIns, console: Console) -> Iterator[Page]:
    """Of a teacher."""
    cookies = sign_ins.of("user")
    context = browser.new_context(base_url=direct.base_url, storage_state=cookies)
    page = context.new_page()
    console.listen(page)
    yield page
    context.close()


PARTS = 6
LONG = hashlib.shake_256(b"a long film").digest((PARTS - 1) * PART_BYTES + 1)
LISTED = ("long.mp4", len(LONG), hashlib.sha256(LONG).hexdigest())
NUMBER = re.compile(r"(?:/parts/|partNumber=)(\d+)")


@dataclass
class Sent:
    """The parts that a page sends, by their numbers: straight to the store, or by the service."""

    direct: list[int] = field(default_factory=list)
    served: list[int] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.method == "PUT" and (found := NUMBER.search(request.url)):
            straight = urlsplit(request.url).netloc == PUBLIC
            (self.direct if straight else self.served).append(int(found[1]))


@dataclass
class Held:
    """Requests that are kept from going on."""

    routes: list[Route] = field(default_factory=list)

    def hold(self, route: Route) -> None:
        self.routes.append(route)

    def count(self, page: Page) -> int:
        page.wait_for_timeout(20)
        return len(self.routes)


def upload(paper: MadePaper, page: Page, path: Path, candidate: str) -> Sent:
    sent = Sent()
    sent.watch(page)
    page.goto(evidence_of(paper))
    page.locator(f"#c{candidate}-input").set_input_files(path)
    return sent


@pytest.fixture
def long_film(tmp_path: Path) -> Path:
    path = tmp_path / "long.mp4"
    path.write_bytes(LONG)
    return path


def test_several_parts_at_once_go_straight_to_the_store(
    paper: MadePaper, page: Page, long_film: Path
) -> None:
    held = Held()
    page.route(re.compile("partNumber=2&"), held.hold)
    sent = upload(paper, page, long_film, "0001")
    # One waits, and all the others arrive meanwhile: the last one is the shortest.
    progress = page.locator("#c0001 .upload progress")
    expect(progress).to_have_js_property("value", 80)
    assert sorted(sent.direct) == list(range(1, PARTS + 1))
    assert LISTED not in listed(paper)
    held.routes[0].continue_()
    expect(page.locator("#c0001-files")).to_contain_text("long.mp4")
    assert (sorted(sent.direct), sent.served) == (list(range(1, PARTS + 1)), [])
    assert LISTED in listed(paper)


def test_all_that_is_on_its_way_pauses_and_goes_on(
    paper: MadePaper, page: Page, long_film: Path, console: Console
) -> None:
    held = Held()
    later = re.compile("partNumber=[23456]&")
    page.route(later, held.hold)
    sent = upload(paper, page, long_film, "0002")
    wait_for("three parts are on their way", lambda: held.count(page) == 3)
    page.get_by_role("button", name="Pause long.mp4").click()
    expect(page.locator("#c0002 .upload")).to_contain_text("paused")
    assert sorted(sent.direct) == [1, 2, 3, 4]
    page.unroute(later)
    page.get_by_role("button", name="Resume long.mp4").click()
    expect(page.locator("#c0002-files")).to_contain_text("long.mp4")
    assert (sorted(sent.direct), sent.served) == ([1, 2, 2, 3, 3, 4, 4, 5, 6], [])
    console.forget("ERR_ABORTED")


def test_parts_go_by_the_service_where_the_store_is_not_reached(
    paper: MadePaper, page: Page, film: Path, console: Console
) -> None:
    page.route(re.compile("partNumber="), lambda route: route.abort())
    sent = upload(paper, page, film, "0001")
    expect(page.locator("#c0001-files")).to_contain_text("film.mp4")
    assert (sent.direct, sent.served) == ([1], [1, 2, 3])
    assert WHOLE[0] in listed(paper)
    console.forget("ERR_FAILED")


def test_what_fails_of_several_goes_by_the_service(
    paper: MadePaper, page: Page, film: Path, console: Console
) -> None:
    page.route(re.compile("partNumber=2&"), lambda route: route.abort())
    sent = upload(paper, page, film, "0002")
    expect(page.locator("#c0002-files")).to_contain_text("film.mp4")
    assert (sent.direct[0], 2 in sent.direct) == (1, True)
    # The third was on its way already, or not yet.
    assert sorted(sent.direct + sent.served) == [1, 2, 2, 3]
    assert 2 in sent.served
    assert WHOLE[0] in listed(paper, "candidates/0002/files")
    console.forget("ERR_FAILED")
