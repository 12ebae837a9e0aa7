"""Large files in a real browser: in parts, which go on after a break, a pause, or a closed tab."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import NARROW, Console, SignedInPage
from tests.browser.papers import MadePaper
from tests.browser.test_evidence import choose, evidence_of, file, sampled
from tests.support.faults import kept_dead
from tests.support.stack import Stack
from tests.support.waiting import wait_for

__all__ = ["sampled"]
Accessible = Callable[[Page], None]
PARTS = 3
SIZE = 2 * 8 * 2**20 + 12_345
CONTENT = hashlib.shake_256(b"a film").digest(SIZE)
PART = re.compile(r"/parts/(\d+)$")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(CONTENT)
    return path


class Sent:
    """The parts that pages have sent, by number; `break_at` has one broken off on its way."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.held: list[Route] = []
        self._broken: set[int] = set()
        self._hold: set[int] = set()

    def watch(self, page: Page, *, break_at: int = 0, hold_at: int = 0) -> None:
        self._broken, self._hold = {break_at} - {0}, {hold_at} - {0}
        page.on("request", self._on_request)
        page.route(PART, self._on_part)

    def wait_until_held(self, page: Page) -> None:
        """Until the part that is to be held has been asked for."""
        wait_for("a part is on its way", lambda: self._asked(page))

    def let_go(self) -> None:
        self._hold.clear()
        for route in self.held:
            route.continue_()

    def _asked(self, page: Page) -> bool:
        page.wait_for_timeout(20)
        return bool(self.held)

    def _on_request(self, request: Request) -> None:
        if found := PART.search(request.url):
            self.numbers.append(int(found[1]))

    def _on_part(self, route: Route) -> None:
        found = PART.search(route.request.url)
        number = int(found[1]) if found else 0
        if number in self._hold:
            self.held.append(route)
        elif number in self._broken:
            self._broken.remove(number)
            route.abort()
        else:
            route.continue_()


def upload(page: Page, paper: MadePaper, film: Path, **at: int) -> Sent:
    """Choose the film for a candidate on the page; its parts are watched (`Sent.watch`)."""
    page.goto(evidence_of(paper))
    sent = Sent()
    sent.watch(page, **at)
    page.locator("#c0001-input").set_input_files(film)
    return sent


def listed(paper: MadePaper, place: str = "candidates/0001/files") -> list[tuple[str, int, str]]:
    read = paper.clients["admin"].get(f"{paper.api('uploads')}/{place}").expect(200)
    return [(one["name"], one["size"], one["sha256"]) for one in read["files"]]


WHOLE = [("film.mp4", SIZE, hashlib.sha256(CONTENT).hexdigest())]


@pytest.mark.long
def test_after_a_break_only_the_part_on_its_way_is_sent_again(
    sampled: MadePaper, signed_in_page: SignedInPage, console: Console, film: Path
) -> None:
    page = signed_in_page("user")
    sent = upload(page, sampled, film, break_at=2)
    expect(page.locator("#c0001-files li")).to_have_count(1)
    expect(page.locator("#c0001 .upload")).to_have_count(0)
    assert sent.numbers == [1, 2, 2, 3]
    assert listed(sampled) == WHOLE
    page.locator("#c0001-input").set_input_files(film)
    expect(page.locator("[data-said]")).to_contain_text("there already")
    expect(page.locator("#c0001-files li")).to_have_count(1)
    console.forget("ERR_FAILED")


def test_an_upload_is_paused_and_resumed(
    sampled: MadePaper,
    signed_in_page: SignedInPage,
    console: Console,
    film: Path,
    accessible: Accessible,
) -> None:
    page = signed_in_page("user")
    sent = upload(page, sampled, film, hold_at=2)
    row = page.locator("#c0001 .upload")
    expect(row.locator("progress")).to_have_js_property("value", 49)
    accessible(page)
    page.get_by_role("button", name="Pause film.mp4").click()
    expect(row).to_contain_text("paused")
    expect(page.get_by_role("button", name="Resume film.mp4")).to_be_focused()
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
    accessible(page)
    page.unroute(PART)
    page.keyboard.press("Enter")
    expect(page.locator("#c0001-files li")).to_have_count(1)
    assert sent.numbers == [1, 2, 2, 3]
    assert listed(sampled) == WHOLE
    console.forget("ERR_ABORTED")


@pytest.mark.long
def test_a_closed_tab_goes_on_where_it_was(
    sampled: MadePaper, signed_in_page: SignedInPage, console: Console, film: Path
) -> None:
    page = signed_in_page("user")
    sent = upload(page, sampled, film, hold_at=3)
    sent.wait_until_held(page)
    other = page.context.new_page()
    page.close(run_before_unload=False)
    assert listed(sampled) == []

    again = upload(other, sampled, film)
    expect(other.locator("#c0001-files li")).to_have_count(1)
    # What was on its way may have arrived.
    assert sent.numbers == [1, 2, 3]
    assert again.numbers in ([], [3])
    assert listed(sampled) == WHOLE
    console.forget("ERR_ABORTED")


@pytest.mark.long
def test_the_store_is_stopped_and_started_meanwhile(
    sampled: MadePaper, signed_in_page: SignedInPage, console: Console, film: Path, stack: Stack
) -> None:
    page = signed_in_page("user")
    sent = upload(page, sampled, film, hold_at=2)
    sent.wait_until_held(page)
    with kept_dead(stack, "store"):
        sent.let_go()
        expect(page.locator("#c0001 .upload")).to_contain_text("waiting for the connection")
    expect(page.locator("#c0001-files li")).to_have_count(1, timeout=120_000)
    assert (sent.numbers[0], set(sent.numbers[1:-1]), sent.numbers[-1]) == (1, {2}, 3)
    assert listed(sampled) == WHOLE
    console.forget("503")


def test_a_file_that_changes_while_it_is_read_is_said_so(
    sampled: MadePaper, signed_in_page: SignedInPage, film: Path, accessible: Accessible
) -> None:
    page = signed_in_page("user")
    sent = upload(page, sampled, film, hold_at=1)
    sent.wait_until_held(page)
    film.write_bytes(b"another content, and shorter")
    sent.let_go()
    row = page.locator("#c0001 .upload")
    expect(row).to_contain_text("The file was changed or moved while it was being read.")
    accessible(page)
    assert listed(sampled) == []


def test_files_and_what_they_are_called_when_dropped(
    sampled: MadePaper, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("user")
    page.goto(evidence_of(sampled))
    page.evaluate(
        """() => {
          const dropped = new DataTransfer();
          dropped.items.add(new File(["one"], "one.txt"));
          dropped.items.add(new File(["two"], "two.txt"));
          const section = document.querySelector("#c0002");
          section.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true }));
        }"""
    )
    expect(page.locator("#c0002-files li")).to_have_count(2)
    long = "x" * 300
    choose(page, "c0002", file(f"{long}.pdf", b"3"), file("a\u202egpj.exe", b"4"))
    expect(page.locator("#c0002-files li")).to_have_count(4)
    names = [name for name, _size, _hash in listed(sampled, "candidates/0002/files")]
    assert names == ["one.txt", "two.txt", f"{long[:251]}.pdf", "agpj.exe"]
