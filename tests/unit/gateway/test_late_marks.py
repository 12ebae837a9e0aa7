"""Marks that are late: what is still taken, and who is led where a later deadline is asked for."""

from html import unescape

import pytest

from tests.support.gateway import Browser, FakeServices
from tests.support.sheet_answers import PAGES, SheetAnswers, missing, paper, readiness, receipt

from .sheets import PAGE, TWO_TASKS, candidate, lay_down, text_of
from .test_marksheet_page import cell

TOO_LATE = "The deadline for these marks has passed."
NO_MORE = "No marks are taken any more."
SUBMISSION = f"{PAGES}/submission"
SUBMITTED = readiness(ready=False, candidates=0, receipt=receipt())
LATER = 'href="/centres/68101/papers/p1/requests">Ask for a later deadline'


def test_a_closed_paper_is_read_and_says_why(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    closed = TWO_TASKS | {"deadline_passed": True, "closed": True}
    lay_down(fake, closed, candidate("3268"))
    page = browser.get(PAGE).text
    assert not cell(page, "t0-3268")
    assert ("main.js" in page, "closed.js" in page) == (False, True)
    assert 'name="do"' not in page
    assert f"{TOO_LATE} {NO_MORE}" in text_of(page)
    assert LATER in page


def test_a_paper_that_warns_is_open_after_its_deadline(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    lay_down(fake, TWO_TASKS | {"deadline_passed": True, "closed": False}, candidate("3268"))
    page = browser.get(PAGE).text
    assert cell(page, "t0-3268")
    assert (TOO_LATE in page, NO_MORE in text_of(page), LATER in page) == (True, False, True)


def test_who_has_some_sets_only_is_not_led_to_what_is_for_the_whole_paper(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    some = TWO_TASKS | {"only_some_sets": True, "deadline_passed": True}
    lay_down(fake, some, candidate("3268"))
    page = browser.get(PAGE).text
    assert "Your exams officer can ask for a later deadline." in page
    assert "/requests" not in page


@pytest.mark.parametrize("some", [False, True])
def test_who_is_for_some_sets_only_has_no_tab_that_refuses(
    browser: Browser, answers: SheetAnswers, *, some: bool
) -> None:
    answers.paper(paper(only_some_sets=some, results_released=True))
    answers.readiness(SUBMITTED)
    page = unescape(browser.sign_in().get(SUBMISSION).text)
    assert ('/requests">' in page, '/moderation">' in page) == (not some, not some)


def test_a_closed_paper_takes_no_submission(browser: Browser, answers: SheetAnswers) -> None:
    answers.paper(paper(deadline_passed=True, closed=True))
    answers.readiness(readiness())
    page = unescape(browser.sign_in().get(SUBMISSION).text)
    assert NO_MORE in page
    assert 'id="authenticated"' not in page
    answers.readiness(readiness(ready=False, missing=[missing("1054", "Task 2")]))
    page = unescape(browser.get(SUBMISSION).text)
    assert "1054" in page
    assert "Enter what is missing" not in page
