"""Amendments: the centre's form, the board's decisions; and undoing a submission."""

import io
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.gateway import APPOINTEE, BOARD_STAFF, TEACHER, Browser, FakeServices, problem
from tests.support.sheet_answers import AT, MARKS, PAGES, SheetAnswers, paper, posted

HERE = f"{PAGES}/amendments"
ASK = f"{MARKS}/amendment-requests"
BOARD = "/board/requests"
ALL = "/api/marks/amendment-requests"
BEFORE: dict[str, Any] = {"tasks": [20, 30], "code": None, "outcome": None, "total": 50}
REQUEST: dict[str, Any] = {
    "id": "q1",
    "kind": "amendment",
    "centre_no": "68101",
    "paper_id": "p1",
    "paper": "GCSE <b>",
    "candidate_no": "1001",
    "from": BEFORE,
    "to": BEFORE | {"tasks": [21, 30], "total": 51},
    "reason": "Swapped <i>",
    "state": "requested",
    "requested_at": AT,
    "requested_by": "Ann",
    "allow_until": AT,
    "decided_at": None,
    "decided_by": None,
    "comment": "",
    "document": None,
}


@pytest.fixture(autouse=True)
def _said(answers: SheetAnswers, fake: FakeServices) -> None:
    answers.paper(paper(initials_required=False, linear=False))
    fake.says("GET", ASK, {"requests": [REQUEST], "total": 1})
    fake.says("GET", ALL, listed(REQUEST))
    for kind in ("entry", "extension"):
        fake.says("GET", f"/api/marks/{kind}-requests", listed())


def listed(*requests: object, total: int = 1, page: int = 1) -> dict[str, Any]:
    total = total if requests else 0
    return {"requests": requests, "total": total, "page": page, "rows": 20}


def test_the_centre_asks_with_every_task(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("POST", ASK, REQUEST, 201)
    done = browser.submit(HERE, candidate_no="1001", t0="21", t1="30", reason=" Swapped ")
    assert (done.status_code, done.location) == (303, HERE)
    assert posted(fake, ASK) == {"candidate_no": "1001", "tasks": [21, 30], "reason": "Swapped"}
    page = " ".join(unescape(browser.get(HERE).text).split())
    for said in (
        "The amendment of candidate 1001 is asked",
        "20 + 30 = 50",
        "Not decided yet",
    ):
        assert said in page


def test_what_is_refused_is_said_beside_its_field(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    errors = [{"pointer": "/tasks/1", "detail": "Too much <i>."}]
    fake.says("POST", ASK, {"detail": "No.", "errors": errors}, 422)
    page = browser.submit(HERE, candidate_no="1001", t0="21", t1="99", reason="Why")
    assert (page.status_code, "<i>" in page.text) == (200, False)
    assert 'id="t1-error"' in page.text
    assert 'value="99"' in page.text
    fake.answers["POST", ASK] = problem(409, "not-submitted")
    assert "refused: not-submitted" in browser.submit(HERE, candidate_no="1001", t0="A").text


def test_the_board_sees_what_was_asked_and_asks_nothing(browser: Browser) -> None:
    browser.sign_in(BOARD_STAFF)
    page = browser.get(HERE).text
    assert "Not decided yet" in page
    assert 'name="reason"' not in page


@pytest.mark.parametrize(("state", "said"), [("accepted", "Accepted."), ("rejected", "Rejected.")])
def test_the_board_decides(browser: Browser, fake: FakeServices, state: str, said: str) -> None:
    browser.sign_in(BOARD_STAFF)
    page = browser.get(BOARD).text
    assert f'href="{BOARD}" aria-current="page"' in page
    assert "Swapped <i>" not in page
    assert "Swapped <i>" in unescape(page)
    fake.says("PATCH", f"{ASK}/q1", REQUEST | {"state": state})
    fields = {"kind": "amendment", "centre_no": "68101", "paper_id": "p1", "request": "q1"}
    done = browser.submit(BOARD, decision=state, comment="Seen", **fields)
    assert (done.status_code, done.location) == (303, BOARD)
    assert posted(fake, f"{ASK}/q1", "PATCH") == {"decision": state, "comment": "Seen"}
    assert said in browser.get(BOARD).text


def test_each_kind_has_its_pages(browser: Browser, fake: FakeServices) -> None:
    entries = "/api/marks/entry-requests"
    fake.says("GET", ALL, listed(REQUEST, total=101, page=2))
    fake.says("GET", entries, listed(REQUEST | {"id": "q2"}, total=21))
    page = unescape(browser.sign_in(BOARD_STAFF).get(f"{BOARD}?amendment=2").text)
    asked = {path: parse_qs(urlsplit(fake.asked(path)[0].target).query) for path in (ALL, entries)}
    for path, number in ((ALL, "2"), (entries, "1")):
        assert asked[path] == {"state": ["requested"], "rows": ["20"], "page": [number]}
    for said in (
        "101 requests are waiting",
        "Page 2 of 6",
        "amendment=1&entry=1",
        "amendment=3&entry=1",
        "Page 1 of 2",
        "amendment=2&entry=2",
        'aria-label="Pages: Late entries"',
        f'action="{BOARD}?amendment=2&entry=1',
    ):
        assert said in page


def test_a_refused_decision_is_shown_with_its_comment(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(BOARD_STAFF)
    fake.answers["PATCH", f"{ASK}/q1"] = problem(409, "decided")
    fields = {"kind": "amendment", "centre_no": "68101", "paper_id": "p1", "request": "q1"}
    page = browser.submit(BOARD, decision="rejected", comment="Because", **fields).text
    assert "refused: decided" in page
    assert "Because</textarea>" in page


def test_marks_being_down_is_said(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(BOARD_STAFF)
    fake.answers["GET", ALL] = problem(503, "unavailable")
    page = browser.get(BOARD)
    assert (page.status_code, "not available now" in page.text) == (200, True)


def test_a_submission_is_undone_with_its_reason(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(BOARD_STAFF)
    at = f"{MARKS}/submission/reopening"
    fake.answers["POST", at] = problem(422, "unprocessable")
    page = browser.submit(f"{PAGES}/reopening", reason="Too early")
    assert "refused: unprocessable" in page.text
    assert "Too early</textarea>" in page.text
    fake.says("POST", at, {"receipt": None})
    done = browser.submit(f"{PAGES}/reopening", reason="Too early")
    assert (done.status_code, done.location) == (303, f"{PAGES}/submission")
    assert posted(fake, at) == {"reason": "Too early"}


@pytest.mark.parametrize("who", [TEACHER, APPOINTEE])
@pytest.mark.parametrize("here", [BOARD, f"{PAGES}/reopening"])
def test_only_the_board_decides(browser: Browser, who: dict[str, Any], here: str) -> None:
    browser.sign_in(who)
    assert browser.get(here).status_code == 403


DOCUMENT = {"content_type": "application/pdf", "size": 2048, "sha256": "0", "added_at": AT}
KEPT = REQUEST | {"document": DOCUMENT | {"added_by": "Ann"}}
PUT = f"{ASK}/q1/document"


def test_a_document_goes_with_the_request(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("POST", ASK, REQUEST, 201)
    fake.says("PUT", PUT, KEPT)
    fields: dict[str, Any] = {"candidate_no": "1001", "t0": "21", "t1": "30", "reason": "Why"}
    done = browser.submit(HERE, **fields, document=(io.BytesIO(b"%PDF-1.7"), "ŵ.pdf"))
    assert done.status_code == 303
    assert [one.body for one in fake.seen if one.method == "PUT"] == [b"%PDF-1.7"]


def test_it_is_added_later_too_or_it_is_said_why_not(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("PUT", PUT, {"detail": "Too large <i>."}, 413)
    at = f"{HERE}/q1/document"
    for expected in ("The document is not added: Too large <i>.", "The document is added."):
        done = browser.submit(at, HERE, document=(io.BytesIO(b"x"), "a"))
        assert (done.status_code, done.location) == (303, HERE)
        assert expected in unescape(browser.get(HERE).text)
        fake.says("PUT", PUT, KEPT)


@pytest.mark.parametrize(("user", "path"), [(None, HERE), (BOARD_STAFF, BOARD)])
def test_both_sides_have_a_link_to_the_document(
    browser: Browser, fake: FakeServices, user: Any, path: str
) -> None:
    for path_of_list in (ASK, ALL):
        fake.says("GET", path_of_list, listed(KEPT))
    browser.sign_in(user)
    assert f'href="{PUT}" download' in browser.get(path).text
