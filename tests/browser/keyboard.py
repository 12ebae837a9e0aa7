"""A person who has a keyboard and no mouse.

They see what has the focus, and press keys: nothing here clicks, fills or moves the focus.
"""

import re
from collections.abc import Mapping

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import WAIT_MS
from tests.support.codes import codes

# More than the elements of any page that are reached one after another; cells of marks apart.
MOST_TABS = 400
NOTHING = "nothing"
# Whether what has the focus is seen to have it.
IS_MARKED = """() => {
  const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement);
  return outlineStyle !== "none" || boxShadow !== "none";
}"""


class Keyboard:
    """The keys of one page, and what its user knows of the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(WAIT_MS)

    @property
    def at(self) -> str:
        """What has the focus, as a screen reader says it: `link "Guide"`."""
        focused = self.page.locator(":focus")
        if not focused.count():
            return NOTHING
        said = focused.aria_snapshot().splitlines()[0].removeprefix("- ").rstrip(":")
        # A text with a colon or an apostrophe is quoted as a YAML string.
        return said[1:-1].replace("''", "'") if said.startswith("'") else said

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str, *then: str) -> None:
        """Type where the focus is; no key of these leads away, so the focus is never lost."""
        self.page.keyboard.type(text)
        self.press(*then)
        assert self.at != NOTHING, f"after {text!r} and {then} on {self.page.url}"

    def open_menu(self) -> None:
        """That of one's own name."""
        summary = self.page.locator(".account-menu > summary")
        for _each in range(MOST_TABS):
            if summary.evaluate("(element) => element === document.activeElement"):
                break
            self.press("Tab")
        self.press("Enter")
        assert self.at != NOTHING

    def tab_to(self, wanted: str) -> None:
        """Press Tab until what has the focus begins with `wanted`, and is in sight."""
        passed = []
        for _each in range(MOST_TABS):
            if self.at.startswith(wanted):
                expect(self.page.locator(":focus")).to_be_in_viewport()
                assert self.page.evaluate(IS_MARKED), f"{wanted} on {self.page.url}"
                return
            passed.append(self.at)
            self.press("Tab")
        message = f"{wanted} is not reached by Tab on {self.page.url}: {passed[:80]}"
        raise AssertionError(message)

    def go(self, *keys: str) -> None:
        """Press keys, the last of which leads to another page."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])

    def follow(self, link: str) -> None:
        self.tab_to(f'link "{link}')
        self.go("Enter")

    def push(self, button: str) -> None:
        """A button that leads to another page."""
        self.tab_to(f'button "{button}')
        self.go("Enter")

    def choose_file(self, field: str, file: FilePayload) -> None:
        """Open the chooser of a field; what stands in it is the operating system's."""
        self.tab_to(f'button "{field}')
        with self.page.expect_file_chooser() as chooser:
            self.press("Enter")
        chooser.value.set_files(file)

    def sign_in(self, account: Mapping[str, str]) -> None:
        """From the first page, where the focus is in the first field."""
        self.page.goto("/")
        # They type when they see the cursor.
        expect(self.page.locator("input[type=email]")).to_be_focused()
        self.type(account["email"], "Tab")
        self.type(account["password"])
        self.go("Enter")
        for code in codes(account["totp_secret"]):
            self.tab_to('textbox "Code')
            self.type(code)
            self.go("Enter")
            if not re.search("/sign-in/code", self.page.url):
                return
        message = f"{account['email']} cannot sign in"
        raise AssertionError(message)
