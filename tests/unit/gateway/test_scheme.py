"""Light and dark: as the device has it, or as it was chosen in this browser."""

import re

import pytest

from services.gateway.assets import OURS
from tests.support.gateway import Browser

LINK = re.compile(r'<link rel="stylesheet" href="([^"]*dark.css)" media="([^"]*)">')
TOKEN = re.compile(r"^  (--app-[\w-]+): (.*);$", re.MULTILINE)
# What is the same in both, since white stands on it, or it stands on both.
ALIKE = {
    "--app-alarm",
    "--app-brand",
    "--app-brand-text",
    "--app-focus",
    "--app-idle",
    "--app-looking",
    "--app-paper",
}


@pytest.mark.parametrize(
    ("chosen", "media", "meta"),
    [
        ("", ["screen and (prefers-color-scheme: dark)"], "light dark"),
        ("dark", ["screen"], "dark"),
        ("light", [], "light"),
    ],
)
def test_the_device_decides_until_somebody_does(
    browser: Browser, chosen: str, media: list[str], meta: str
) -> None:
    browser.submit("/scheme", page="/", scheme=chosen)
    page = browser.get("/").text
    assert [found[1] for found in LINK.findall(page)] == media
    assert f'<meta name="color-scheme" content="{meta}">' in page
    assert f'value="{chosen}" aria-pressed="true"' in page


def test_what_was_chosen_is_taken_back(browser: Browser) -> None:
    browser.submit("/scheme", page="/", scheme="dark")
    browser.submit("/scheme", page="/", scheme="")
    assert "light dark" in browser.get("/").text


def test_it_comes_back_to_the_page_it_was_chosen_on(browser: Browser) -> None:
    browser.sign_in()
    there = {"scheme": "dark", "next": "/guide"}
    assert browser.submit("/scheme", page="/guide", **there).location == "/guide"
    away = {"scheme": "dark", "next": "https://elsewhere.example/"}
    assert browser.submit("/scheme", page="/guide", **away).location == "/"


def test_nothing_else_is_kept(browser: Browser) -> None:
    browser.client.set_cookie("iamis_scheme", 'purple" onload="x')
    assert 'content="light dark"' in browser.get("/").text


def test_the_dark_sheet_has_all_of_bootstraps_and_ours(browser: Browser) -> None:
    address = LINK.findall(browser.get("/").text)[0][0]
    sheet = browser.get(address).text
    assert "data-bs-theme" not in sheet
    assert sheet.index("--bs-body-bg:#212529") < sheet.index("--bs-link-color: ")
    light = dict(TOKEN.findall((OURS / "colours.css").read_text(encoding="utf-8")))
    dark = dict(TOKEN.findall((OURS / "dark.css").read_text(encoding="utf-8")))
    assert set(light) - set(dark) == ALIKE
    assert set(dark) <= set(light)
