"""A browser that takes pictures, of one language and one running system."""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, ViewportSize

from tests.browser.conftest import sign_in
from tests.support.stack import ROOT, Stack

GUIDE = ROOT / "services" / "gateway" / "static" / "guide"
MARGIN = 8
# Around what is shown, as much as there is room for.
ALL = 1000
# Pages have few colours: so many are enough, the red of one mark among them, and a picture is small
# without loss.
COLOURS, ROUNDS = 128, 8
HINTS = ("allocations", "marksheet", "menu", "sample")
CODE = re.compile(r"\(([0-9A-Z/]+)\)$")
PAPERS = """lines => lines.map(line => [
  line.querySelector("h2, h3").innerText, line.querySelector("a[href*='/papers/']").pathname
])"""
# Brings it into sight, and says from where to where the picture is. A row, a line of text, a box to
# fill in and its label are in it whole or not at all: where an edge goes through one, it moves to
# this side of it, again and again until it goes through none; nor is a heading the last of it. Rows
# that touch may share a pixel.
FRAME = """(shown, [beyond, margin, highest]) => {
  shown.scrollIntoView();
  scrollBy(0, -margin);
  const { top: y, height } = shown.getBoundingClientRect();
  let top = Math.max(y - beyond, 0);
  let bottom = Math.min(top + Math.min(height + 2 * beyond, highest), innerHeight);
  const main = document.querySelector("main");
  const all = (selector) => [...main.querySelectorAll(selector)]
    .map((element) => element.getBoundingClientRect());
  const boxes = all("tr, p, .mb-3, .btn, .form-check, .evidence, .paper")
    .filter((box) => box.height < highest / 2);
  const lines = document.createNodeIterator(main, NodeFilter.SHOW_TEXT);
  for (let text = lines.nextNode(); text; text = lines.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(text);
    const seen = text.data.trim() && !text.parentElement.closest(".visually-hidden");
    boxes.push(...(seen ? range.getClientRects() : []));
  }
  const headings = all("h2, h3, legend, label, summary");
  const through = (edge) => boxes.filter((box) => box.top + 1 < edge && edge < box.bottom - 1);
  const alone = (edge) => headings.filter((heading) => heading.bottom - 1 < edge && !boxes.some(
    (box) => box.bottom > heading.bottom + 1 && box.top + 1 < edge));
  const cut = () => [...through(bottom), ...alone(bottom)];
  for (let hit = cut(); hit.length; hit = cut()) {
    bottom = Math.min(...hit.map((box) => box.top));
  }
  for (let hit = through(top); hit.length && top < y; hit = through(top)) {
    top = Math.min(y, Math.max(...hit.map((box) => box.bottom)));
  }
  return [Math.ceil(top), Math.floor(bottom)];
}"""


@dataclass(frozen=True)
class Look:
    """How a page is looked at: of each picture there is one `<name>-<language><suffix>.webp`.

    `highest` is in pixels of the page. A telephone shows more pixels than the page counts, and so
    does a picture of the `scale` "device".
    """

    suffix: str
    screen: ViewportSize
    highest: int
    scale: Literal["css", "device"]
    scheme: Literal["light", "dark"]


WIDE: ViewportSize = {"width": 1000, "height": 760}
NARROW: ViewportSize = {"width": 360, "height": 800}
PIXELS_OF_A_TELEPHONE = 2
# The last is how pages are used in between.
LOOKS = (
    Look("-narrow-dark", NARROW, 680, "device", "dark"),
    Look("-narrow", NARROW, 680, "device", "light"),
    Look("-dark", WIDE, 640, "css", "dark"),
    Look("", WIDE, 640, "css", "light"),
)


class Camera:
    """Pictures of the guide, each in every look."""

    def __init__(self, stack: Stack, browser: Browser, language: str) -> None:
        self.stack = stack
        self.language = language
        self._browser = browser

    def page(self, role: str = "") -> Page:
        """A page of the role's first account, or of nobody's; without hints."""
        context = self._browser.new_context(
            base_url=self.stack.base_url,
            locale=f"{self.language}-GB",
            viewport=WIDE,
            device_scale_factor=PIXELS_OF_A_TELEPHONE,
            reduced_motion="reduce",
        )
        url = self.stack.base_url
        kept = {"iamis_language": self.language, "iamis_hints": ".".join(HINTS)}
        context.add_cookies([{"name": n, "value": v, "url": url} for n, v in kept.items()])
        page = context.new_page()
        if role:
            sign_in(page, next(one for one in self.stack.accounts if one["role"] == role))
        return page

    def papers(self, page: Page) -> dict[str, str]:
        """The address of each paper that the account's first page lists, by its code."""
        page.goto("/")
        found: list[list[str]] = page.locator("li.paper").evaluate_all(PAPERS)
        titles = ((CODE.search(title.strip()), path) for title, path in found)
        # Of a moderator's, that of the first centre.
        return {code[1]: path.rpartition("/")[0] for code, path in reversed([*titles]) if code}

    def take(
        self,
        page: Page,
        name: str,
        of: Locator | None = None,
        *,
        narrow: Locator | None = None,
        beyond: int = MARGIN,
    ) -> None:
        """Of the page's main part or of what is given, as far as a screen shows it whole.

        `narrow` is where it begins on a telephone, `beyond` how many pixels above and below are in
        the picture, too.
        """
        page.wait_for_load_state()
        for look in LOOKS:
            page.set_viewport_size(look.screen)
            page.emulate_media(color_scheme=look.scheme)
            shown, around = (of, [beyond, MARGIN]) if of else (page.locator("main"), [0, 0])
            if narrow and look.screen is NARROW:
                shown, around = narrow, [ALL, MARGIN]
            top, bottom = shown.evaluate(FRAME, [*around, look.highest])
            clip: Any = {"x": 0, "y": top, "width": look.screen["width"], "height": bottom - top}
            png = page.screenshot(clip=clip, scale=look.scale)
            write(png, GUIDE / f"{name}-{self.language}{look.suffix}.webp")


def write(png: bytes, path: Path) -> None:
    """As a small WebP."""
    with Image.open(io.BytesIO(png)) as image:
        plain = image.convert("RGB").quantize(COLOURS, kmeans=ROUNDS, dither=Image.Dither.NONE)
        plain.convert("RGB").save(path, "WEBP", lossless=True, quality=100)
