"""Nobody is told to do, or shown a place for, what they may not do."""

import pytest

from tests.support.gateway import APPOINTEE, BOARD_STAFF, TEACHER, Browser, FakeServices
from tests.support.sheet_answers import (
    PAGES,
    Json,
    SheetAnswers,
    candidate,
    paper,
    sheet,
)
from tests.unit.gateway.test_moderation_page import HERE as MODERATION_PAGE
from tests.unit.gateway.test_moderation_page import MODERATION, compared, moderation
from tests.unit.gateway.test_submission import SUBMITTED

SUBMISSION = f"{PAGES}/submission"


@pytest.mark.parametrize(("who", "asks"), [(TEACHER, True), (BOARD_STAFF, False)])
def test_only_who_may_is_told_to_ask_for_an_amendment(
    browser: Browser, answers: SheetAnswers, who: Json, *, asks: bool
) -> None:
    answers.paper(paper())
    answers.readiness(SUBMITTED)
    assert ("Ask for an amendment" in browser.sign_in(who).get(SUBMISSION).text) is asks


@pytest.mark.parametrize(("who", "empty"), [(BOARD_STAFF, 2), (APPOINTEE, 0)])
def test_a_cell_with_nothing_to_show_or_do_is_empty(
    browser: Browser, fake: FakeServices, answers: SheetAnswers, who: Json, empty: int
) -> None:
    answers.sheet(sheet(candidate("1002")))
    answers.paper(paper(upload="none"))
    fake.says("GET", MODERATION, moderation(compared("1002")))
    page = browser.sign_in(who).get(MODERATION_PAGE).text
    cells = [f'data-label="{label}"></td>' for label in ("Comment to the centre", "Work")]
    assert sum(page.count(cell) for cell in cells) == empty


@pytest.mark.parametrize(("who", "told"), [(APPOINTEE, True), (BOARD_STAFF, False)])
def test_only_the_moderator_is_told_to_mark(
    browser: Browser, fake: FakeServices, answers: SheetAnswers, who: Json, *, told: bool
) -> None:
    answers.sheet(sheet(candidate("1002")))
    fake.says("GET", MODERATION, moderation(compared("1002")))
    page = browser.sign_in(who).get(MODERATION_PAGE).text
    assert "Stage 1 of 2." in page
    said = " ".join(page.split())
    assert ("Stage 1 of 2. Mark the candidates of stage 1 first" in said) is told
