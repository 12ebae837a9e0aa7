"""Every page that the links of an account lead to: both languages, light and dark, three widths.

Each is there (200), logs no error, has no violation of axe and is nowhere wider than the screen:
320 pixels are also what is left of 1280 at 400 %. What it looks like is kept in `test-results/`,
for people to look at. The name of a page is its path with identifiers and steps of the guide left
out; of pages that share one, the first few are looked at.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Response

from tests.browser.conftest import Console, SignedInPage, look

pytestmark = [pytest.mark.long, pytest.mark.timeout(1500)]

WIDTHS = (1440, 768, 320)
HEIGHT = 900
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# What another width or other colours may break; all else is the same page, and is asked once.
OF_LOOKS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
ALIKE = {"en": 2, "cy": 1}
MOST_PAGES = 250
IDENTIFIER = re.compile(r"/(?:[0-9a-f]{32}|[0-9]{4,5}|[0-9a-f-]{36}|(?<=/guide/)[a-z-]+)(?=/|$)")
# Files, and what ends the session.
NOT_PAGES = re.compile(r"/api/|format=|\.(?:csv|xlsx|pdf|zip|json)|/files/|sign-out|/dev/|/export")
# What sticks out of the screen, the innermost elements first.
WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = [...document.querySelectorAll("body *")].filter(
    (element) => element.getBoundingClientRect().right > width + 0.5
  );
  const named = out.reverse().slice(0, 3).map((element) => element.outerHTML.slice(0, 120));
  return named.length ? named : ["what is hidden"];
}"""
# What pictures another width or scheme asks for is chosen in the frame after it.
CHOSEN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
LOADED = "() => [...document.images].every((image) => image.complete)"
DECODED = "() => Promise.all([...document.images].map((one) => one.decode().catch(() => {})))"
PICTURES_MS = 10_000
LINKS = "links => links.map(link => link.href)"
VIOLATIONS = """rules => axe.run({
  resultTypes: ["violations"],
  ...(rules ? { runOnly: { type: "rule", values: rules } } : {}),
}).then(({ violations }) => violations.map(
  ({ id, nodes }) => `${id}: ${nodes.slice(0, 2).map(({ html }) => html.slice(0, 160))}`
))"""


class Tour:
    """Goes where links lead, each kind of page a few times."""

    def __init__(self, page: Page, alike: int) -> None:
        self._page = page
        self._alike = alike
        self._waiting: list[str] = []
        self._seen: set[str] = set()
        self._kinds: Counter[str] = Counter()

    def pages(self, start: str) -> Iterator[tuple[str, Response]]:
        """The name of each page while it is on the screen."""
        self._waiting.append(start)
        while self._waiting and sum(self._kinds.values()) < MOST_PAGES:
            address = self._waiting.pop(0)
            parts = urlsplit(address)
            kind = IDENTIFIER.sub("/ID", parts.path)
            if address in self._seen or self._kinds[kind] == self._alike:
                continue
            self._seen.add(address)
            answer = self._page.goto(address)
            assert answer, address
            self._kinds[kind] += 1
            yield f"{kind.strip('/').replace('/', '-') or 'home'}-{self._kinds[kind]}", answer
            self._follow(parts.netloc)

    def _follow(self, here: str) -> None:
        for link in self._page.locator("a[href]").evaluate_all(LINKS):
            parts = urlsplit(link)
            is_page = parts.scheme.startswith("http") and parts.netloc == here
            if is_page and not NOT_PAGES.search(link):
                self._waiting.append(parts._replace(fragment="").geturl())


def faults_of(page: Page, answer: Response, name: str) -> Iterator[str]:
    """Of each width and scheme; a picture of each is kept."""
    if answer.status != 200:
        yield f"status {answer.status}"
        return
    page.evaluate(AXE_SCRIPT)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        over = page.evaluate(WIDER)
        if over:
            yield f"wider than a screen of {width} px: {over}"
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            everything = (width, scheme) == (WIDTHS[0], SCHEMES[0])
            for found in page.evaluate(VIOLATIONS, None if everything else OF_LOOKS):
                yield f"{width} px, {scheme}: {found}"
            _await_pictures(page)
            look(page, f"{name}-{width}-{scheme}")
    page.emulate_media(color_scheme="light", contrast="more")
    for found in page.evaluate(VIOLATIONS, OF_LOOKS):
        yield f"more contrast: {found}"
    page.emulate_media(color_scheme="light", contrast="no-preference")
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})


def _await_pictures(page: Page) -> None:
    page.evaluate(CHOSEN)
    page.wait_for_function(LOADED, timeout=PICTURES_MS)
    page.evaluate(DECODED)


def speak(page: Page, language: str) -> None:
    """As the language switch does it."""
    home = urlsplit(page.url)._replace(path="/", query="").geturl()
    page.context.add_cookies([{"name": "iamis_language", "value": language, "url": home}])


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("role", ["admin", "user", "user-no-iamis", "appointee", "board"])
def test_every_page_is_in_order(
    signed_in_page: SignedInPage, console: Console, role: str, language: str
) -> None:
    page = signed_in_page(role, viewport={"width": WIDTHS[0], "height": HEIGHT})
    page.goto("/")
    speak(page, language)
    bad: dict[str, list[str]] = {}
    count = 0
    for name, answer in Tour(page, ALIKE[language]).pages(page.url):
        count += 1
        found = [*faults_of(page, answer, f"tour-{role}-{language}-{name}"), *console.errors]
        console.errors.clear()
        if found:
            bad[f"{name} ({urlsplit(page.url).path})"] = found
        assert page.locator("html").get_attribute("lang") == language, name
    print(f"{count} pages")
    assert not bad
    assert count >= 5
