"""Takes the pictures of the documents and of the guide, each of a fresh system with its demo."""

import os
from contextlib import closing

from playwright.sync_api import Browser, sync_playwright

from shared.i18n import LANGUAGES
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.pictures.camera import GUIDE, Camera
from tests.pictures.scenes import everything, type_marks
from tests.support.stack import EMBEDDED, ROOT, fresh_stack

DOCUMENTS = ROOT / "docs" / "images"
# For the browser's own words, on boxes for dates and files: it has these with the package
# chromium-l10n, and no Welsh.
BRITISH = {"LANGUAGE": "en_GB"}


def guide(browser: Browser, language: str) -> None:
    with fresh_stack(EMBEDDED) as stack:
        everything(Camera(stack, browser, language))


def marksheet(browser: Browser) -> None:
    """The picture of the README: a sheet that is being filled in."""
    with fresh_stack(EMBEDDED) as stack:
        camera = Camera(stack, browser, "en")
        page = camera.page("user")
        page.set_viewport_size({"width": 1100, "height": 850})
        type_marks(page, camera.papers(page)["3700U1"])
        page.keyboard.type("3")
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=DOCUMENTS / "marksheet.png", scale="css")


def main() -> None:
    DOCUMENTS.mkdir(exist_ok=True)
    GUIDE.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, env={**os.environ, **BRITISH}
        )
        with closing(browser):
            marksheet(browser)
            for language in LANGUAGES:
                guide(browser, language)


if __name__ == "__main__":
    main()
