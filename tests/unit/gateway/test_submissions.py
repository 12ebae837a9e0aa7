"""Several papers submitted at once: what is ready, and what became of each."""

from html import unescape
from typing import Any

import pytest
from flask import json

from tests.support.gateway import APPOINTEE, BOARD_STAFF, Browser, FakeServices
from tests.support.sheet_answers import paper, readiness, receipt

HERE = "/centres/68101/submissions"
MENU = "/centres/68101/papers"
LIST = "/api/marks/centres/68101/papers"
ALL = {"authenticated": "yes", "standardised": "yes", "candidates_informed": "yes"}
READY = {"state": "complete", "candidates": 3, "done": 3, "left": 0, "submitted": 0}
TITLES = {"p1": "GCSE JUNE 2031 FIRST <i> (0001)", "p2": "GCSE JUNE 2031 SECOND (0002)"}
MENU_HAS = {
    "results_released": False,
    "clerical_errors": 0,
    "qualification": "GCSE",
    "series": {"month": "JUNE", "year": 2031},
    "marks_deadline": "2031-05-05",
    "sample_deadline": "2031-05-17",
    "upload": "none",
}
UNDER_WAY = {"state": "under_way", "left": 2}


def one(paper_id: str, **changes: Any) -> dict[str, Any]:
    titled = {"id": paper_id, "full_title": TITLES.get(paper_id, paper_id)}
    return paper(**{**READY, **MENU_HAS, **titled, **changes})


@pytest.fixture
def teacher(browser: Browser, fake: FakeServices) -> Browser:
    listed = [one("p1"), one("p2"), one("p3", **UNDER_WAY), one("p4", state="submitted")]
    fake.says("GET", LIST, {"papers": listed})
    for paper_id in ("p1", "p2"):
        fake.says("GET", f"{LIST}/{paper_id}/submission", readiness())
    return browser.sign_in()


def answers(fake: FakeServices, paper_id: str, body: Any, status: int) -> None:
    fake.says("POST", f"{LIST}/{paper_id}/submission", body, status)


def posted(fake: FakeServices) -> list[str]:
    return [seen.target for seen in fake.seen if seen.method == "POST" and "marks" in seen.target]


def test_the_menu_leads_there_where_two_are_ready(teacher: Browser, fake: FakeServices) -> None:
    assert f'href="{HERE}"' in teacher.get(MENU).text
    fake.says("GET", LIST, {"papers": [one("p1"), one("p3", **UNDER_WAY)]})
    assert f'href="{HERE}"' not in teacher.get(MENU).text


@pytest.mark.parametrize("kept_from", [{"only_some_sets": True}, {"closed": True}])
def test_what_the_reader_cannot_submit_is_not_offered(
    teacher: Browser, fake: FakeServices, kept_from: dict[str, Any]
) -> None:
    fake.says("GET", LIST, {"papers": [one("p1", **kept_from), one("p2")]})
    assert f'href="{HERE}"' not in teacher.get(MENU).text
    page = teacher.get(HERE).text
    assert ('value="p1"' in page, 'value="p2"' in page) == (False, True)


def test_what_is_ready_is_listed_with_what_looks_wrong(
    teacher: Browser, fake: FakeServices
) -> None:
    doubt = {"candidate_no": "1061", "name": "PUW : ANN", "what": "It is far from the others."}
    fake.says("GET", f"{LIST}/p2/submission", readiness(doubts=[doubt]))
    raw = teacher.get(HERE).text
    assert "FIRST <i>" not in raw
    page = unescape(raw)
    assert all(title in page for title in TITLES.values())
    assert ('value="p3"' in page, 'value="p4"' in page) == (False, False)
    assert "1061 PUW\xa0: ANN</a> — It is far" in page


def test_each_is_submitted_by_itself_and_one_failing_blocks_no_other(
    teacher: Browser, fake: FakeServices
) -> None:
    lacking = {"candidate_no": "1054", "name": "ŴYN", "what": ["Task 2"]}
    answers(fake, "p1", {"detail": "1 candidate is not complete.", "missing": [lacking]}, 409)
    answers(fake, "p2", receipt(id="r2"), 201)
    page = unescape(teacher.submit(HERE, **ALL, papers=["p1", "p2"]).text)
    assert posted(fake) == [f"{LIST}/p1/submission", f"{LIST}/p2/submission"]
    assert json.loads(fake.seen[-1].body)["declarations"] == dict.fromkeys(ALL, True)
    for said in ("Not submitted: 1 candidate is not complete.", "1054 ŴYN — Task 2", "r2"):
        assert said in page


def test_what_is_not_declared_is_asked_for_once(teacher: Browser, fake: FakeServices) -> None:
    errors = [{"pointer": "/declarations/standardised", "detail": "Declare it."}]
    answers(fake, "p1", {"detail": "No.", "errors": errors}, 422)
    page = teacher.submit(HERE, authenticated="yes", papers=["p1", "p2"]).text
    assert posted(fake) == [f"{LIST}/p1/submission"]
    assert ("make all three declarations" in page, "Declare it." in page) == (True, True)


def test_with_nothing_ticked_nothing_is_sent(teacher: Browser, fake: FakeServices) -> None:
    assert "Tick the papers" in teacher.submit(HERE, **ALL).text
    assert teacher.submit(HERE, **ALL, papers=["other"]).status_code == 200
    assert posted(fake) == []


def test_a_service_that_is_away_is_said_of_its_paper(teacher: Browser, fake: FakeServices) -> None:
    answers(fake, "p1", {"detail": "Away."}, 503)
    answers(fake, "p2", receipt(), 201)
    page = unescape(teacher.submit(HERE, **ALL, papers=["p1", "p2"]).text)
    assert ("Not submitted: Away." in page, "Submitted." in page) == (True, True)


@pytest.mark.parametrize("who", [BOARD_STAFF, APPOINTEE])
def test_it_is_for_the_staff_of_the_centre(browser: Browser, who: dict[str, Any]) -> None:
    assert browser.sign_in(who).get(HERE).status_code == 403
