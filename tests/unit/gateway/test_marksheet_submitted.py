"""The marksheet after its submission: what is counted, who is in the sample, what is offered."""

import re
from typing import Any

import pytest

from tests.support.gateway import APPOINTEE, Browser, FakeServices

from .sheets import (
    ONE_TASK,
    PAGE,
    SAMPLE,
    SAMPLED,
    SUBMITTED,
    TWO_TASKS,
    Json,
    candidate,
    lay_down,
    marked,
    text_of,
)
from .test_marksheet_page import LATE, row

COUNTED: list[tuple[Json, object, list[str]]] = [
    (TWO_TASKS, None, ["12 of 250 done, 238 left"]),
    (TWO_TASKS | SUBMITTED, None, ["250 submitted"]),
    (TWO_TASKS | LATE, None, ["250 submitted", "250 of 251 done, 1 left"]),
    (TWO_TASKS | LATE, APPOINTEE, ["250 submitted"]),
]


@pytest.mark.parametrize(("paper", "user", "said"), COUNTED)
def test_what_is_counted_under_the_table(
    browser: Browser, fake: FakeServices, paper: Json, user: object, said: list[str]
) -> None:
    browser.sign_in(user)
    lay_down(fake, paper, candidate())
    fake.says("GET", SAMPLE, SAMPLED)
    bar = browser.get(PAGE).text.partition('class="sheet-bar"')[2].partition("</div>")[0]
    assert [text_of(one) for one in re.findall('<p(?! id="ticked")[^>]*>(.+?)</p>', bar)] == said


def test_a_submitted_sheet_says_what_can_still_be_done(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    lay_down(fake, TWO_TASKS | SUBMITTED, marked("1054", 1, 2, locked=True))
    page = browser.get(PAGE).text
    assert "These marks are submitted: they can be viewed" in page
    assert 'href="/centres/68101/papers/p1/amendments"' in page


def test_without_script_every_row_leads_to_its_history(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    lay_down(fake, TWO_TASKS | LATE, candidate("3268"), marked("1054", 1, 2, locked=True))
    page = browser.get(PAGE).text
    for number in ("3268", "1054"):
        assert f'href="/centres/68101/papers/p1/candidates/{number}/history"' in row(page, number)
    assert "<noscript>" in row(page, "3268")


ALL_IN = "all candidates whose work can be sampled are in it"


def chosen(number: str, **changes: Any) -> Json:
    one = {"candidate_no": number, "chosen_by": "system", "reason": ALL_IN, "files": 0}
    return one | {"at": "2031-06-01T00:00:00Z"} | changes


@pytest.mark.parametrize(
    ("second", "in_rows"),
    [({}, ""), ({"reason": "asked for"}, ALL_IN), ({"due": "2031-06-10"}, ALL_IN)],
)
def test_a_reason_that_all_have_is_said_once(
    browser: Browser, fake: FakeServices, second: Json, in_rows: str
) -> None:
    browser.sign_in()
    sample = SAMPLED | {"candidates": [chosen("1054"), chosen("1055", **second)]}
    fake.says("GET", SAMPLE, sample)
    rows = [marked(number, 9, locked=True) for number in ("1054", "1055")]
    lay_down(fake, ONE_TASK | SUBMITTED, *rows)
    page = browser.get(PAGE).text
    assert (ALL_IN in text_of(row(page, "1054"))) == bool(in_rows)
    assert (f"Each for the same reason: {ALL_IN}." in page) != bool(in_rows)


def test_of_who_was_withdrawn_from_the_sample_the_nearest_is_offered(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    fake.says("GET", SAMPLE, SAMPLED | {"candidates": [chosen("1054")]})
    lay_down(fake, ONE_TASK | SUBMITTED, marked("1054", 9, locked=True, withdrawn=True))
    page = browser.get(PAGE).text
    assert "Withdrawn after the sample was made: 1054." in page
    assert "Add the nearest candidate instead" in page


def test_ticks_that_are_on_their_way_are_told_of(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("GET", SAMPLE, SAMPLED)
    lay_down(fake, ONE_TASK | SUBMITTED)
    page = browser.get(f"{PAGE}?show=samples").text
    assert "its ticks are on their way" in page
    assert 'class="alert-link" href="/centres/68101/papers/p1/sample"' in page
    assert "No candidate is in the sample yet" not in page
