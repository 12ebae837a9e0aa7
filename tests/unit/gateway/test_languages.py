"""The pages in Welsh: the words, not only the mark of the language."""

from html import unescape

import pytest

from services.gateway import cookies
from tests.support.gateway import TEACHER, Browser

pytestmark = pytest.mark.usefixtures("translated")

GUIDE = {"en": "<h1>Step-by-step guide</h1>", "cy": "<h1>Canllaw cam wrth gam</h1>"}


@pytest.mark.parametrize(
    ("cookie", "account", "asked", "shown"),
    [("cy", "en", "en", "cy"), ("en", "cy", "cy", "en"), ("", "cy", "en", "cy")],
)
def test_a_page_of_somebody_signed_in(
    browser: Browser, cookie: str, account: str, asked: str, shown: str
) -> None:
    browser.sign_in(TEACHER | {"language": account})
    browser.client.set_cookie(cookies.LANGUAGE, cookie)
    assert GUIDE[shown] in browser.get("/guide", headers={"Accept-Language": asked}).text


def test_a_page_of_nobody_is_in_the_browsers_language(browser: Browser) -> None:
    page = unescape(browser.get("/", headers={"Accept-Language": "cy"}).text)
    assert "Mewngofnodi i'ch cyfrif Porth" in page
    assert "Sign in" not in page


def test_an_unknown_page_is_refused_in_the_language_of_the_account(browser: Browser) -> None:
    browser.sign_in(TEACHER | {"language": "cy"})
    page = browser.get("/centres/68101/nothing", headers={"Accept-Language": "en"})
    assert page.status_code == 404
    assert "<h1>Heb ei ganfod</h1>" in page.text
    assert "Not found" not in page.text
