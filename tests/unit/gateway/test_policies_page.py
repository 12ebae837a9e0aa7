"""The board's preview of policies, and the timeline of a paper."""

from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest

from services.gateway.plots import spread
from tests.support.gateway import BOARD_STAFF, Browser, FakeServices, problem
from tests.support.sheet_answers import AT, MARKS, PAGES, SAMPLE, Json, SheetAnswers, paper, posted

HERE = "/board/policies"
POLICIES = "/api/sampling/policies"
PAPERS = "/api/marks/centres/68101/papers"
STATES = ("under_way", "submitted", "reopened")
TIMELINE = f"{PAGES}/timeline"


def previewed(number: int, mark: int | None, reason: str | None = None) -> dict[str, Any]:
    return {"candidate_no": f"{number:04}", "mark": mark, "outcome": None, "reason": reason}


@pytest.fixture
def board(browser: Browser, fake: FakeServices) -> Browser:
    listed = [{"name": "wjec-rank-order"}, {"name": "even-spread-2026"}, {"name": "our-own"}]
    fake.says("GET", POLICIES, {"policies": listed})
    papers = [
        {"id": f"p{n}", "full_title": f"HISTORY <{n}>", "state": state}
        for n, state in enumerate(STATES)
    ]
    fake.says("GET", PAPERS, {"papers": papers})
    return browser.sign_in(BOARD_STAFF)


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ({"marks": "3, 2\n1"}, {"marks": [3, 2, 1]}),
        ({"marks": "3 x"}, {"marks": [3, "x"]}),
        ({"centre_no": "68101", "paper_id": "p1"}, {"centre_no": "68101", "paper_id": "p1"}),
    ],
)
def test_what_was_typed_is_asked(
    board: Browser, fake: FakeServices, typed: dict[str, str], body: dict[str, Any]
) -> None:
    found = [previewed(1, 3, "highest mark"), previewed(2, 2), previewed(3, None)]
    answer = {"policy": "even-spread-2026", "candidates": found, "total": 3, "chosen": 1}
    fake.says("POST", f"{POLICIES}/preview", answer)
    page = board.submit(HERE, policy="even-spread-2026", **typed).text
    assert posted(fake, f"{POLICIES}/preview") == {"policy": "even-spread-2026"} | body
    assert "1 of 3 candidates are chosen." in page
    assert "<strong>highest mark</strong>" in page
    assert "<title>3: 1 / 1</title>" in page


def test_a_paper_is_chosen_of_those_that_the_centre_has_submitted(board: Browser) -> None:
    page = unescape(board.get(f"{HERE}?centre_no=68101").text)
    for said in (
        'value="p1">HISTORY <1>',
        'value="p2">HISTORY <2>',
        'type="hidden" name="centre_no" value="68101"',
    ):
        assert said in page
    assert "HISTORY <0>" not in page
    assert 'name="marks"' not in page


@pytest.mark.parametrize(
    ("centre_no", "said"),
    [
        ("681", "The number of a centre has five digits."),
        ("68101", "This centre has submitted no paper yet."),
        ("68202", "The list of papers: not available now."),
    ],
)
def test_without_a_paper_to_choose_marks_are_typed(
    board: Browser, fake: FakeServices, centre_no: str, said: str
) -> None:
    fake.says("GET", PAPERS, {"papers": []})
    fake.answers["GET", "/api/marks/centres/68202/papers"] = problem(503, "unavailable")
    page = board.get(f"{HERE}?centre_no={centre_no}").text
    assert said in page
    assert 'name="marks"' in page


def test_a_policy_has_words_and_its_name(board: Browser) -> None:
    page = board.get(HERE).text
    assert ">Evenly from the highest mark to the lowest (even-spread-2026)</option>" in page
    assert '<option value="our-own">our-own</option>' in page


def test_a_refusal_keeps_what_was_typed(board: Browser, fake: FakeServices) -> None:
    fake.answers["POST", f"{POLICIES}/preview"] = problem(422, "unprocessable")
    page = board.submit(HERE, policy="even-spread-2026", marks="<b>").text
    assert "refused: unprocessable" in page
    assert "&lt;b&gt;" in page


def test_many_marks_share_a_bar() -> None:
    plot = spread([previewed(mark, mark, "x" if mark % 2 else None) for mark in range(300)])
    assert plot is not None
    assert (len(plot.bars), plot.lowest, plot.highest) == (60, 0, 299)
    assert (plot.bars[0].height, plot.bars[0].chosen) == (50, 20)
    assert (plot.most, plot.bars[0].middle) == (5, 0.83)


def test_one_mark_has_no_plot() -> None:
    assert spread([previewed(1, None)]) is None
    assert spread([previewed(1, 7), previewed(2, 7)]) is None


@pytest.mark.parametrize(
    ("marks", "places"),
    [([7, 8], [21, 71]), ([7, 10], [8.5, 83.5]), (list(range(20)), range(0, 100, 5))],
)
def test_few_marks_have_slim_bars_in_the_middle_of_their_places(
    marks: list[int], places: Sequence[float]
) -> None:
    plot = spread([previewed(mark, mark) for mark in marks])
    assert plot is not None
    assert [bar.x for bar in plot.bars] == list(places)
    assert {bar.width for bar in plot.bars} == {min(8, 100 / (marks[-1] - marks[0] + 1))}


def test_the_timeline_tells_the_whole_story(
    browser: Browser, fake: FakeServices, answers: SheetAnswers
) -> None:
    answers.paper(paper())
    asked: Json = {"at": "2031-05-03T09:15:00+00:00", "what": "asked", "by": "Moli <b>"}
    asked |= {"text": "Please", "candidates": ["1003"], "due": "2031-05-09"}
    fake.says("GET", f"{SAMPLE}/timeline", {"happenings": [asked]})
    totals = {"original": {"total": 5}, "amended": {"total": 6}}
    error: Json = {"at": AT, "by": "Moli", "reason": "Copied", "candidate_no": "1001"}
    error |= totals | {"acknowledged": {"by": "Ann", "at": "2031-05-04T09:15:00+00:00"}}
    fake.says("GET", f"{MARKS}/clerical-errors", {"clerical_errors": [error], "total": 1})
    raw = browser.sign_in().get(TIMELINE).text
    assert "Moli <b>" not in raw
    page = unescape(raw)
    said = ("A clerical error was recorded", "5 → 6: Copied", "Due on 09/05/2031")
    places = [page.index(text) for text in (*said, "The centre acknowledged a clerical error")]
    assert places == sorted(places)


def test_what_one_service_does_not_tell_is_said_to_be_missing(
    browser: Browser, fake: FakeServices, answers: SheetAnswers
) -> None:
    answers.paper(paper())
    fake.answers["GET", f"{SAMPLE}/timeline"] = problem(503, "unavailable")
    fake.says("GET", f"{MARKS}/clerical-errors", {"clerical_errors": [], "total": 0})
    assert "Some of the timeline: not available now." in browser.sign_in().get(TIMELINE).text
