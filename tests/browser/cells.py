"""Typing in the cells of a marksheet, and what is seen there."""

import re

from playwright.sync_api import Page, expect


def type_at(page: Page, cell: str, *keys: str) -> None:
    """Go to a cell and press keys: texts are typed, names of keys pressed."""
    page.locator(f"#{cell}").focus()
    page.locator(f"#{cell}").select_text()
    press(page, *keys)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        if re.fullmatch("[A-Z][A-Za-z+]{2,}", key):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def state(page: Page, cell: str, wanted: str) -> None:
    expect(page.locator(f"#{cell}").locator("..")).to_have_attribute("data-state", wanted)


def message(page: Page, cell: str) -> str:
    return page.locator(f"#e-{cell}").inner_text()
