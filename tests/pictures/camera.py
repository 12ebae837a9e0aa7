"""A browser that takes pictures, of one language and one running system."""

import io
import re
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, ViewportSize

from tests.browser.conftest import sign_in
from tests.support.stack import ROOT, Stack

GUIDE = ROOT / "services" / "gateway" / "static" / "guide"
SCREEN: ViewportSize = {"width": 1000, "height": 760}
HIGHEST = 620
QUALITY = 60
HINTS = ("allocations", "marksheet", "menu", "sample")
CODE = re.compile(r"\(([0-9A-Z/]+)\)$")
PAPERS = """lines => lines.map(line => [
  line.querySelector("h2, h3").innerText, line.querySelector("a[href*='/papers/']").pathname
])"""


class Camera:
    """Pictures of the guide, `<name>-<language>.webp`."""

    def __init__(self, stack: Stack, browser: Browser, language: str) -> None:
        self.stack = stack
        self.language = language
        self._browser = browser

    def page(self, role: str = "") -> Page:
        """A page of the role's first account, or of nobody's; without hints."""
        context = self._browser.new_context(
            base_url=self.stack.base_url,
            locale=f"{self.language}-GB",
            viewport=SCREEN,
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

    def take(self, page: Page, name: str, of: Locator | None = None, *, beyond: int = 0) -> None:
        """Of the page's main part or of what is given, as far as a screen shows it.

        `beyond` is how many pixels above and below it are in the picture, too.
        """
        shown = of or page.locator("main")
        shown.evaluate("shown => shown.scrollIntoView()")
        page.wait_for_load_state()
        box = shown.bounding_box()
        assert box, name
        top = max(box["y"] - beyond, 0)
        room = min(box["height"] + 2 * beyond, HIGHEST, SCREEN["height"] - top)
        clip: Any = {"x": 0, "y": top, "width": SCREEN["width"], "height": room}
        write(page.screenshot(clip=clip), GUIDE / f"{name}-{self.language}.webp")


def write(png: bytes, path: Path) -> None:
    """As a small WebP."""
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)
