"""The guide: every step has a page with its pictures, and every page knows its step."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from services.gateway.assets import OURS
from services.gateway.guide import chapters, step_about
from services.gateway.pages import PAGES
from shared.i18n import LANGUAGES
from tests.support.gateway import TEACHER, Browser

STEPS = [step for chapter in chapters() for step in chapter.steps]
NAMES = [step.name for step in STEPS]
PICTURE = re.compile(r'<img src="/static/[0-9a-f]+/(guide/[^"]+)" alt="([^"]+)">')
SOURCE = re.compile(r'<source media="([^"]+)" srcset="/static/[0-9a-f]+/(guide/\S+\.webp)( 2x)?">')
NARROW = "(max-width: 47.99rem)"
DARK = "(prefers-color-scheme: dark)"
# In bytes, of one picture; a page has two at most.
LARGEST = 60_000


def pictures(page: str) -> Iterator[tuple[str, str]]:
    """File and alternative text of each picture."""
    for file, alt in PICTURE.findall(page):
        yield file, unescape(alt)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_is_there_for_anyone(browser: Browser, language: str) -> None:
    browser.submit("/language", page="/contact", language=language)
    listed = browser.get("/guide").text
    used: set[str] = set()
    for name in NAMES:
        assert f'href="/guide/{name}"' in listed
        answer = browser.get(f"/guide/{name}")
        assert answer.status_code == 200
        assert answer.text.count("<li>") >= 2
        for file, alt in pictures(answer.text):
            assert file.endswith(f"-{language}.webp")
            assert len(alt) > 20
            used.add(file)
        used |= {file for _, file, _ in SOURCE.findall(answer.text)}
    there = {path.relative_to(OURS).as_posix() for path in (OURS / "guide").iterdir()}
    assert used == {name for name in there if re.search(rf"-{language}[.-]", name)}


def test_of_the_report_before_the_submission_it_says_how_marks_are_printed(
    browser: Browser,
) -> None:
    said = unescape(browser.get("/guide/reports").text)
    assert "Before the submission it names the candidates without their marks." in said
    assert "choose “All” under “Rows”" in said


@pytest.mark.parametrize(
    ("chosen", "sources"),
    [
        (
            "",
            [
                (f"screen and {DARK} and {NARROW}", "-narrow-dark", " 2x"),
                (f"screen and {DARK}", "-dark", ""),
                (NARROW, "-narrow", " 2x"),
            ],
        ),
        (
            "dark",
            [
                (f"screen and {NARROW}", "-narrow-dark", " 2x"),
                ("screen", "-dark", ""),
                (NARROW, "-narrow", " 2x"),
            ],
        ),
        ("light", [(NARROW, "-narrow", " 2x")]),
    ],
)
def test_a_picture_is_as_wide_and_as_dark_as_its_page(
    browser: Browser, chosen: str, sources: list[tuple[str, str, str]]
) -> None:
    browser.submit("/scheme", page="/guide", scheme=chosen)
    found = SOURCE.findall(browser.get("/guide/papers").text)
    assert found == [
        (media, f"guide/menu-en{look}.webp", pixels) for media, look, pixels in sources
    ]


def test_the_alternative_texts_are_translated(browser: Browser) -> None:
    texts = []
    for language in LANGUAGES:
        browser.submit("/language", page="/contact", language=language)
        texts.append(
            {alt for name in NAMES for _, alt in pictures(browser.get(f"/guide/{name}").text)}
        )
    assert not texts[0] & texts[1]


def test_pictures_are_small() -> None:
    found = [*(OURS / "guide").iterdir()]
    assert found
    assert all(path.suffix == ".webp" and path.stat().st_size < LARGEST for path in found)


def test_the_guide_is_read_from_step_to_step(browser: Browser) -> None:
    at, read = NAMES[0], [NAMES[0]]
    while after := re.search(
        r'href="/guide/([a-z-]+)" rel="next"', browser.get(f"/guide/{at}").text
    ):
        at = after[1]
        read.append(at)
    assert read == NAMES


def test_there_are_no_other_steps(browser: Browser) -> None:
    assert browser.get("/guide/nowhere").status_code == 404
    assert browser.get("/guide/contents").status_code == 404


def test_a_page_is_linked_with_its_step(browser: Browser) -> None:
    assert 'href="/guide/signing-in">Help' in browser.get("/").text
    browser.sign_in(TEACHER)
    assert 'href="/guide/signing-in">Help' in browser.get("/account").text
    assert 'href="/guide">Help' in browser.get("/contact").text


def test_steps_are_about_pages_that_there_are() -> None:
    views = {page.name for page in PAGES}
    about = [page for step in STEPS for page in step.pages]
    assert set(about) <= views
    assert len(about) == len(set(about))


def test_every_page_of_a_centre_and_its_papers_has_its_step() -> None:
    without = {
        page.name
        for page in PAGES
        if page.path.startswith(("/centres/", "/allocations", "/marks"))
        and not step_about(page.name)
    }
    assert without == {"reopening", "decide_on_report"}  # the board's own
