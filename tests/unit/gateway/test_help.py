"""What helps: helplines and manuals of the settings, hints, and the statement of accessibility."""

from html import unescape

import pytest

from shared.settings import settings
from tests.support.gateway import TEACHER, Browser, FakeServices
from tests.support.sheet_answers import PAGES, SheetAnswers, paper

from .test_menu import PAPER

MENU = "/centres/68101/papers"
PAPERS = "/api/marks/centres/68101/papers"
HELP = {
    "IAMIS_HELPLINES": "GCSE=gcse@board.example 029 2018 0101; Applied=029 2018 0102",
    "IAMIS_HELPLINE_HOURS": "08:30-17:00",
    "IAMIS_MANUALS": "WJEC=https://board.example/a?b=c",
}


@pytest.fixture
def _told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in HELP.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


@pytest.mark.usefixtures("gateway", "_told")
def test_help_names_every_helpline_and_manual(browser: Browser) -> None:
    page = unescape(browser.get("/contact").text)
    assert 'href="mailto:gcse@board.example"' in page
    assert 'href="tel:02920180102"' in page
    assert "Monday to Friday, 08:30 to 17:00" in page
    assert 'href="https://board.example/a?b=c"' in page


@pytest.mark.usefixtures("gateway", "_told")
def test_an_error_names_the_helplines(browser: Browser) -> None:
    assert "gcse@board.example" in browser.get("/nowhere").text


@pytest.mark.usefixtures("gateway", "_told")
def test_a_paper_has_its_own_helpline_and_manual(browser: Browser, answers: SheetAnswers) -> None:
    answers.paper(paper(qualification="Gcse", board="wjec"))
    browser.sign_in()
    page = browser.get(f"{PAGES}/moderator").text
    assert "gcse@board.example" in page
    assert "029 2018 0102" not in page
    assert "https://board.example/a?b=c" in page
    answers.paper(paper(qualification="GCE", board="Eduqas"))
    page = browser.get(f"{PAGES}/moderator").text
    assert "board.example" not in page


def test_without_settings_nothing_is_invented(browser: Browser) -> None:
    assert "Helpline" not in browser.get("/contact").text
    assert "If it happens again" not in browser.get("/nowhere").text


def test_a_hint_is_shown_until_it_is_known(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(TEACHER)
    fake.says("GET", PAPERS, {"papers": [PAPER]})
    assert "New here?" in browser.get(MENU).text
    answer = browser.submit("/hints", page=MENU, hint="menu", next=MENU)
    assert answer.headers["Location"] == MENU
    assert "New here?" not in browser.get(MENU).text


@pytest.mark.parametrize("name", ["", "A B", "a" * 21, "a;b"])
def test_what_is_no_hint_is_not_kept(browser: Browser, fake: FakeServices, name: str) -> None:
    browser.sign_in(TEACHER)
    fake.says("GET", PAPERS, {"papers": [PAPER]})
    answer = browser.submit("/hints", page=MENU, hint=name, next="//elsewhere.example")
    assert answer.headers["Location"] == "/"
    assert "iamis_hints" not in str(answer.headers)


def test_a_browser_keeps_so_many_hints_and_no_more(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(TEACHER)
    fake.says("GET", PAPERS, {"papers": [PAPER]})
    letters = "abcdefghijklmnopqrstuvwxyz"
    for name in [*letters, *(letter * 2 for letter in letters)]:
        browser.submit("/hints", page=MENU, hint=name)
    kept = browser.client.get_cookie("iamis_hints")
    assert kept
    assert len(kept.value.split(".")) == 30


@pytest.mark.parametrize("language", ["en", "cy"])
def test_anyone_reads_how_accessible_it_is(browser: Browser, language: str) -> None:
    browser.submit("/language", page="/contact", language=language)
    page = browser.get("/contact").text
    assert 'href="/accessibility"' in page
    statement = browser.get("/accessibility")
    assert statement.status_code == 200
    assert "WCAG" in statement.text


@pytest.mark.usefixtures("gateway", "_told")
def test_moderators_are_led_to_the_helplines(browser: Browser) -> None:
    assert "Ask the helpline of your qualification." in browser.get("/contact").text
