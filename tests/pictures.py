"""Takes the pictures of the documents, of a fresh system with its demo: `make pictures`."""

from contextlib import closing

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, sign_in
from tests.support.stack import EMBEDDED, ROOT, fresh_stack

PICTURES = ROOT / "docs" / "images"
SCREEN: ViewportSize = {"width": 1100, "height": 850}
# The marks of the first candidates, as they are typed; the last is more than there are.
TYPED = ("31", "28", "36", "22", "45")


def marksheet(page: Page) -> None:
    """Marks typed and accepted, one absent, one refused, one on its way."""
    page.goto("/")
    page.get_by_role("link", name="3700U1").first.click()
    page.wait_for_load_state()
    cells = page.locator("input[id^=t0-]")
    cells.first.focus()
    for text in TYPED:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is stored.").first).to_be_visible()
    page.keyboard.type("a")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(cells.nth(len(TYPED)).locator("..")).to_have_attribute("data-state", "saved")
    second = page.locator("input[id^=t1-]")
    second.first.focus()
    for text in ("30", "25", "40"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(second.nth(2).locator("..")).to_have_attribute("data-state", "saved")
    page.keyboard.type("3")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=PICTURES / "marksheet.png")


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with fresh_stack(EMBEDDED) as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with closing(browser):
            page = browser.new_page(base_url=stack.base_url, viewport=SCREEN)
            sign_in(page, next(one for one in stack.accounts if one["role"] == "user"))
            marksheet(page)


if __name__ == "__main__":
    main()
