"""The board's word on moderators' reports, on the pages of the board and of the moderator."""

from typing import Any

import pytest
from flask import Response, jsonify, request

from tests.support.gateway import APPOINTEE, BOARD_STAFF, TEACHER, Browser, FakeServices
from tests.support.sheet_answers import AT, SheetAnswers, candidate, posted, sheet
from tests.unit.gateway.test_moderator_report import FORM, HERE, REPORT, TYPED, WRITTEN

LIST = "/board/moderator-reports"
API = "/api/reports/moderator-reports"
DECIDE = f"{REPORT}/decision"
RETURNED = {"state": "returned", "by": "Bet", "at": AT, "comment": "Name <b> nobody."}
SAID: dict[str, Any] = {
    "waiting": {"state": "waiting"},
    "approved": {"state": "approved", "by": "Bet", "at": AT},
    "returned": RETURNED,
    "undone": {"state": "undone"},
}
OF_COMMENT = {"detail": "x", "errors": [{"pointer": "/comment", "detail": "Say why."}]}
OF_VERSION = {"detail": "x", "errors": [{"pointer": "/version", "detail": "Say why."}]}


def report(state: str, *, released: bool = False) -> dict[str, Any]:
    return WRITTEN | {"approval": SAID[state], "released": released}


def listed(**changes: Any) -> dict[str, Any]:
    one = {
        "centre_no": "68101",
        "paper_id": "p1",
        "full_title": "HISTORY <b>",
        "outcome": "adjusted",
        "version": 1,
        "written_at": AT,
        "written_by": "Gwilym <i>",
        "released_at": "2031-08-20T23:30:00+00:00",
        "approval": SAID["waiting"],
    }
    return {"moderator_reports": [one | changes], "total": 1, "page": 1, "rows": 20}


@pytest.fixture
def board(browser: Browser) -> Browser:
    return browser.sign_in(BOARD_STAFF)


def test_what_waits_is_listed(board: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, listed())
    page = board.get(LIST).text
    for said in (f'href="{HERE}">HISTORY &lt;b&gt;</a>', "Gwilym &lt;i&gt;", "21/08/2031"):
        assert said in page
    assert f'href="{LIST}" aria-current="page"' in page
    board.get(f"{LIST}?state=returned&page=2")
    targets = [seen.target.partition("?")[2] for seen in fake.asked(API)]
    assert targets == ["state=waiting&rows=20&page=1", "state=returned&rows=20&page=2"]


@pytest.mark.parametrize(
    ("state", "released", "said", "has_form"),
    [
        ("waiting", False, "has not looked at this version yet", True),
        ("approved", False, "Approved by the awarding body.", True),
        ("returned", False, "Name &lt;b&gt; nobody.", True),
        ("approved", True, "Approved by the awarding body.", False),
        ("undone", False, "The submission was undone after this was written.", False),
    ],
)
def test_the_board_sees_what_was_said(
    board: Browser, fake: FakeServices, state: str, said: str, *, released: bool, has_form: bool
) -> None:
    fake.says("GET", REPORT, report(state, released=released))
    page = board.get(HERE).text
    assert said in page
    assert ('value="approved"' in page) == has_form
    assert f'<p class="back"><a href="{LIST}">' in page


@pytest.mark.parametrize(
    ("decision", "said"), [("approved", "Approved."), ("returned", "Given back to the moderator.")]
)
def test_the_board_decides(board: Browser, fake: FakeServices, decision: str, said: str) -> None:
    fake.says("GET", REPORT, report("waiting"))
    fake.says("POST", DECIDE, report(decision))
    typed = {"decision": decision, "comment": "Name nobody.", "version": "3"}
    done = board.submit(f"{HERE}/decision", HERE, **typed)
    assert (done.status_code, done.location) == (303, HERE)
    assert posted(fake, DECIDE) == typed | {"version": 3}
    assert said in board.get(HERE).text


@pytest.mark.parametrize(
    ("refusal", "status", "released", "of_comment"),
    [
        (OF_COMMENT, 422, False, True),
        (OF_VERSION, 422, False, False),
        ({"detail": "Say why."}, 409, False, False),
        ({"detail": "Say why."}, 409, True, False),
        (OF_COMMENT, 422, True, False),
    ],
)
def test_what_is_refused_is_told_of_where_it_is(
    board: Browser,
    fake: FakeServices,
    refusal: dict[str, Any],
    status: int,
    *,
    released: bool,
    of_comment: bool,
) -> None:
    fake.says("GET", REPORT, report("waiting", released=released))
    fake.says("POST", DECIDE, refusal, status)
    page = board.submit(f"{HERE}/decision", HERE, decision="returned", version="2").text
    assert "Say why." in page
    assert ('href="#comment">Say why.</a>' in page) == of_comment
    assert ('aria-invalid="true"' in page) == of_comment
    assert ('id="comment"' in page) != released


@pytest.mark.parametrize("version", ["9" * 5000, "\u0663", ""])
def test_a_version_that_is_no_number_is_left_to_the_service(
    board: Browser, fake: FakeServices, version: str
) -> None:
    fake.says("GET", REPORT, report("waiting"))
    fake.says("POST", DECIDE, OF_VERSION, 422)
    page = board.submit(f"{HERE}/decision", HERE, decision="approved", version=version)
    assert "Say why." in page.text
    assert posted(fake, DECIDE)["version"] == version


def test_the_end_of_a_line_is_one_character(board: Browser, fake: FakeServices) -> None:
    fake.says("POST", DECIDE, report("returned"))
    typed = {"decision": "returned", "comment": "a\r\n\r\nb", "version": "3"}
    board.submit(f"{HERE}/decision", HERE, **typed)
    assert posted(fake, DECIDE)["comment"] == "a\n\nb"


@pytest.mark.parametrize(("refusal", "status"), [(OF_COMMENT, 422), ({"detail": "Say why."}, 409)])
def test_what_is_refused_stays(
    board: Browser, fake: FakeServices, refusal: dict[str, Any], status: int
) -> None:
    fake.says("GET", REPORT, report("waiting"))
    fake.says("POST", DECIDE, refusal, status)
    typed = {"decision": "returned", "comment": "Typed.", "version": "2"}
    page = board.submit(f"{HERE}/decision", HERE, **typed).text
    assert ">Typed.</textarea>" in page
    assert 'name="version" value="3"' in page


def test_the_centre_sees_nothing_of_it(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", REPORT, WRITTEN | {"released": True})
    page = browser.sign_in(TEACHER).get(HERE).text
    assert "awarding body" not in page.partition("<h1>")[2]
    assert 'value="approved"' not in page


def test_the_moderator_is_told_why_it_came_back(
    browser: Browser, answers: SheetAnswers, fake: FakeServices
) -> None:
    answers.sheet(sheet(candidate("1001")))
    fake.says("GET", REPORT, report("returned"))
    browser.sign_in(APPOINTEE)
    assert "Name &lt;b&gt; nobody." in browser.get(FORM).text
    errors = [{"pointer": "/sections/tasks", "detail": "Say something."}]
    fake.says("PUT", REPORT, {"detail": "x", "errors": errors}, 422)
    page = browser.submit(FORM, **TYPED).text
    assert "Name &lt;b&gt; nobody." in page
    assert 'type="file"' in page


def allocated(fake: FakeServices) -> None:
    paper = {
        "id": "p1",
        "centre_no": "68101",
        "full_title": "HISTORY",
        "submitted": 3,
        "upload": "none",
    }
    fake.says("GET", "/api/marks/allocations", {"papers": [paper], "awaiting": 0})
    fake.says("GET", "/api/sampling/moderations", {"moderations": []})


def test_the_moderator_s_list_tells_of_an_undone_submission(
    browser: Browser, fake: FakeServices
) -> None:
    def of_state() -> Response:
        told = listed(approval=SAID["undone"])
        is_asked = request.args["state"] == "undone"
        return jsonify(told if is_asked else told | {"moderator_reports": []})

    allocated(fake)
    fake.answers["GET", API] = of_state
    page = browser.sign_in(APPOINTEE).get("/allocations").text
    assert f'href="{FORM}">Your report is about a submission that was undone' in page
    assert "given your report back" not in page


def test_the_moderator_s_list_tells_of_it(browser: Browser, fake: FakeServices) -> None:
    allocated(fake)
    browser.sign_in(APPOINTEE)
    assert "given your report back" not in browser.get("/allocations").text
    fake.says("GET", API, listed(approval=RETURNED))
    page = browser.get("/allocations").text
    assert f'href="{FORM}">The awarding body has given your report back' in page
    assert "Name &lt;b&gt; nobody." in page
    fake.says("GET", API, {"detail": "down"}, 503)
    assert browser.get("/allocations").status_code == 200


def test_an_empty_list_says_what_would_be_in_it(board: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, listed() | {"moderator_reports": [], "total": 0})
    for query, said in (("", "once a moderator has saved it"), ("?state=returned", "given back.")):
        assert said in board.get(LIST + query).text
