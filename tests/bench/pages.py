"""How soon pages show and answer keys, as the browser says, beside the same pages from memory.

The baseline is what the gateway answered, kept and sent by a bare server: the same markup and
styles without script. Both are visited in turns, each time by a browser that has nothing of them.
"""

import gzip
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.keys import figures, told
from tests.bench.rows import Row
from tests.bench.system import System
from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in

PAPERS, CANDIDATES = 200, 250
TURNS = 7
MIDDLE, LATE = 0, 1
KEYS = 40
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
HTML = "text/html; charset=utf-8"
FIRST_PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  const [found] = list.getEntriesByName("first-contentful-paint");
  if (found) done(found.startTime);
}).observe({ type: "paint", buffered: true }))"""
# What took less than the shortest that a browser tells of counts as that.
TOLD_FROM_MS = 16
LISTEN = """() => {
  window.interactions = {};
  const note = (list) => list.getEntries().filter((one) => one.interactionId).forEach((one) => {
    const before = window.interactions[one.interactionId] ?? 0;
    window.interactions[one.interactionId] = Math.max(before, one.duration);
  });
  new PerformanceObserver(note).observe({ type: "event", durationThreshold: 16 });
  new PerformanceObserver(note).observe({ type: "first-input", buffered: true });
}"""
INTERACTIONS = "() => Object.values(window.interactions)"

Contents = Mapping[str, tuple[bytes, str]]


@dataclass(frozen=True)
class Visited:
    """A page: what it is, where, and what is pressed there."""

    what: str
    path: str
    press: Callable[[Page], None]


def rows(system: System) -> Iterator[Row]:
    system.papers(PAPERS, 1, "W")
    (paper_id,) = system.papers(1, CANDIDATES, "V")
    account = next(one for one in system.stack.accounts if one["role"] == "admin")
    menu = f"/centres/{system.centre_no}/papers"
    pages = (
        Visited(f"menu of {PAPERS} papers and more", menu, _open_and_close),
        Visited(f"sheet of {CANDIDATES}", f"{menu}/{paper_id}/marksheet?rows=all", _type_marks),
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            context = browser.new_context(base_url=system.stack.base_url)
            sign_in(context.new_page(), account)
            for page in pages:
                yield from _beside_static(browser, context.storage_state(), system, page)
        finally:
            browser.close()


def _beside_static(
    browser: Browser, signed_in: Any, system: System, page: Visited
) -> Iterator[Row]:
    ours = browser.new_context(base_url=system.stack.base_url, storage_state=signed_in)
    paints: dict[str, list[float]] = {"ours": [], "static": []}
    answers: dict[str, list[float]] = {"ours": [], "static": []}
    with _served(_kept(ours.request, page.path)) as static_url:
        ways = {"ours": system.stack.base_url, "static": static_url}
        for _each in range(TURNS):
            for name, url in ways.items():
                context = browser.new_context(base_url=url, storage_state=signed_in)
                paint, took = _visit(context.new_page(), page)
                paints[name].append(paint)
                answers[name] += took
                context.close()
    yield _row(f"{page.what}: first contentful paint", paints, MIDDLE)
    yield _row(f"{page.what}: interaction to next paint, p99", answers, LATE)


def _row(what: str, taken: Mapping[str, list[float]], judged: int) -> Row:
    ours, static = (figures(taken[name])[judged] for name in ("ours", "static"))
    baseline = f"the same without script from memory: {told(taken['static'])}"
    return Row(what, told(taken["ours"]), baseline, ours / static)


def _visit(page: Page, visited: Visited) -> tuple[float, list[float]]:
    """When it was first seen, and how long each of the keys took to show; in milliseconds."""
    page.goto(visited.path, wait_until="load")
    paint = float(page.evaluate(FIRST_PAINT))
    page.evaluate(LISTEN)
    visited.press(page)
    page.wait_for_timeout(100)
    slow = [float(took) for took in page.evaluate(INTERACTIONS)]
    return paint, slow + [float(TOLD_FROM_MS)] * max(0, KEYS - len(slow))


def _open_and_close(page: Page) -> None:
    """The papers of a series."""
    page.locator("details.series > summary").first.focus()
    for _each in range(KEYS):
        page.keyboard.press("Enter")


def _type_marks(page: Page) -> None:
    page.locator("#t0-0001").focus()
    for number in range(KEYS // 2):
        page.keyboard.press(str(number % 10))
        page.keyboard.press("Tab")


def _kept(asking: Any, path: str) -> Contents:
    """The page and its styles, by their paths."""
    page = SCRIPT.sub("", asking.get(path).text())
    kept = {path.partition("?")[0]: (page.encode(), HTML)}
    for address in ASSET.findall(page):
        answer = asking.get(address)
        kept[address] = (answer.body(), answer.headers["content-type"])
    return kept


@contextmanager
def _served(contents: Contents) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body, kind = contents.get(self.path.partition("?")[0], (b"", HTML))
            sent = body if kind == HTML else gzip.compress(body)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(sent)))
            if kind != HTML:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_told: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
