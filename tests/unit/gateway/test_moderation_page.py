"""The moderator's workspace without script: what is shown, what its forms send, refusals."""

from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.gateway.moderation import columns_of, texts_of, workspace
from services.gateway.plots import scatter
from tests.support.gateway import APPOINTEE, BOARD_STAFF, Browser, FakeServices, problem
from tests.support.sheet_answers import (
    AT,
    MARKS,
    PAGES,
    SAMPLE,
    Json,
    SheetAnswers,
    candidate,
    paper,
    posted,
    sheet,
)

HERE = f"{PAGES}/moderation"
MODERATION = f"/api/sampling{PAGES}/moderation"
TASKS = [{"name": "Part A", "max": 34}, {"name": "Part B", "max": 66}]


def mark(number: str, *tasks: int | None, **changes: Any) -> Json:
    whole = [task for task in tasks if task is not None]
    return {
        "candidate_no": number,
        "tasks": list(tasks),
        "total": sum(whole) if len(whole) == len(tasks) else None,
        "outcome": None,
        "comment": "",
        "by": "Moli",
        "at": AT,
        "version": 3,
        **changes,
    }


def compared(number: str, moderator: Json | None = None, **changes: Any) -> Json:
    total = moderator["total"] if moderator else None
    difference = None if total is None else total - 50
    return {
        "candidate_no": number,
        "stage": 1,
        "chosen_by": "system",
        "due": None,
        "files": 2,
        "hidden": False,
        "code": None,
        "tasks": [20, 30],
        "total": 50,
        "outcome": None,
        "moderator": moderator,
        "difference": difference,
        "within": None if difference is None else abs(difference) <= 3,
        **changes,
    }


def moderation(*candidates: Json, **changes: Any) -> Json:
    return {
        "state": "open",
        "blind": False,
        "released": False,
        "stage": 1,
        "tolerance": 3,
        "maximum": 100,
        "tasks": TASKS,
        "outcomes": None,
        "candidates": list(candidates),
        "missing": [],
        "unacknowledged": 0,
        "advice": None,
        "choices": ["accepted", "adjusted", "remarked"],
        "outcome": None,
        "line": {"slope": 1.0, "intercept": 0.0},
        "completed": None,
        "decided": None,
        **changes,
    }


@pytest.fixture
def says(fake: FakeServices, answers: SheetAnswers) -> FakeServices:
    answers.sheet(sheet(candidate("1001"), candidate("1002")))
    found = moderation(compared("1001", mark("1001", 22, 38)), compared("1002"))
    fake.says("GET", MODERATION, found)
    return fake


def send(browser: Browser, **fields: str) -> TestResponse:
    return browser.submit(HERE, **fields)


@pytest.mark.usefixtures("says")
def test_both_marks_stand_side_by_side(browser: Browser) -> None:
    raw = browser.sign_in(APPOINTEE).get(HERE).text
    assert "<b>" not in raw
    page = " ".join(unescape(raw).split())
    for said in (
        "data-centre data-fresh>20 + 30 = 50",
        'name="task-0-1001" data-key="task-0" inputmode="numeric" maxlength="6" value="22"',
        "data-total>60<",
        "data-difference>+10<",
        '<strong class="outside">outside</strong>',
        "Tolerance: 3 marks.",
        'role="img" aria-labelledby="scatter-title"',
        "<title>1001: 50 / 60</title>",
    ):
        assert said in page


def test_what_was_typed_is_saved_and_nothing_else(browser: Browser, says: FakeServices) -> None:
    says.says("PATCH", f"{MODERATION}/marks", {"saved": [{}], "refused": []})
    browser.sign_in(APPOINTEE)
    same = {"was-1001": "22\r\n38\r\n", "task-0-1001": "22", "task-1-1001": "38"}
    new = {"was-1002": "\r\n\r\n", "version-1002": "0", "task-0-1002": "21", "task-1-1002": " "}
    answer = send(browser, do="save", **same, **new, **{"comment-1002": "To be looked at"})
    assert (answer.status_code, answer.location) == (303, HERE)
    row = {"candidate_no": "1002", "comment": "To be looked at", "version": 0, "tasks": [21, None]}
    assert posted(says, f"{MODERATION}/marks", "PATCH") == {"candidates": [row]}


def test_a_refused_mark_stays_in_its_box(browser: Browser, says: FakeServices) -> None:
    refused = {"candidate_no": "1002", "status": 409, "detail": "Too late", "errors": []}
    refused["current"] = mark("1002", 9, 9)
    says.says("PATCH", f"{MODERATION}/marks", {"saved": [], "refused": [refused]})
    browser.sign_in(APPOINTEE)
    new = {"was-1002": "\n\n", "version-1002": "0", "task-0-1002": "x<b>"}
    page = unescape(send(browser, do="save", **new).text)
    assert 'value="x<b>"' in page
    assert "Too late Stored: 18" in page
    assert 'aria-invalid="true" aria-describedby="e-1002"' in page
    assert posted(says, f"{MODERATION}/marks", "PATCH")["candidates"][0]["tasks"] == ["x<b>", None]


@pytest.mark.parametrize(
    ("fields", "method", "path", "body"),
    [
        ({"do": "blind", "blind": "on"}, "PATCH", MODERATION, {"blind": True}),
        ({"do": "blind"}, "PATCH", MODERATION, {"blind": False}),
        (
            {"do": "complete", "outcome": "accepted", "comment": "Fair"},
            "POST",
            f"{MODERATION}/completion",
            {"outcome": "accepted", "comment": "Fair"},
        ),
        (
            {"do": "ask", "candidate_nos": "1003, 1004", "working_days": "5", "note": "Please"},
            "POST",
            f"{SAMPLE}/further-requests",
            {"candidate_nos": ["1003", "1004"], "working_days": 5, "note": "Please"},
        ),
        (
            {"do": "ask", "working_days": "9" * 5000},
            "POST",
            f"{SAMPLE}/further-requests",
            {"candidate_nos": [], "working_days": "9" * 5000, "note": ""},
        ),
        (
            {"do": "decide", "decision": "approved", "comment": ""},
            "POST",
            f"{MODERATION}/decision",
            {"decision": "approved", "comment": ""},
        ),
    ],
)
def test_each_form_asks_for_its_own(
    browser: Browser, says: FakeServices, fields: dict[str, str], method: str, path: str, body: Json
) -> None:
    says.says(method, path, {}, 201)
    browser.sign_in(APPOINTEE)
    assert send(browser, **fields).status_code == 303
    assert posted(says, path, method) == body
    says.answers[method, path] = problem(409, "conflict")
    assert "refused: conflict" in send(browser, **fields).text
    says.answers[method, path] = problem(403, "forbidden")
    assert send(browser, **fields).status_code == 403


def test_the_board_decides_on_what_is_completed(browser: Browser, says: FakeServices) -> None:
    done = {"by": "Moli", "at": AT, "comment": "Well <b> marked"}
    changes = {"state": "completed", "outcome": "adjusted", "completed": done}
    says.says("GET", MODERATION, moderation(compared("1001", mark("1001", 22, 38)), **changes))
    page = unescape(browser.sign_in(BOARD_STAFF).get(HERE).text)
    assert "Well <b> marked" in page
    assert 'value="approved"' in page
    assert 'name="task-0-1001"' not in page


@pytest.mark.parametrize(("released", "forms"), [(False, 1), (True, 0)])
def test_the_board_takes_an_approval_back_until_results_day(
    browser: Browser, says: FakeServices, answers: SheetAnswers, *, released: bool, forms: int
) -> None:
    answers.sheet(sheet(candidate("1001", moderated=None)))
    changes = {"state": "approved", "outcome": "accepted", "released": released}
    says.says("GET", MODERATION, moderation(compared("1001"), **changes))
    page = browser.sign_in(BOARD_STAFF).get(HERE).text
    assert page.count('value="returned"') == forms
    assert 'value="approved"' not in page


@pytest.mark.parametrize(("who", "told"), [(APPOINTEE, True), (BOARD_STAFF, True), (None, False)])
def test_what_the_centre_has_not_acknowledged_is_told(
    browser: Browser, says: FakeServices, who: object, *, told: bool
) -> None:
    says.says("GET", MODERATION, moderation(compared("1001"), unacknowledged=2))
    page = browser.sign_in(who).get(HERE).text
    assert ("has not acknowledged 2 clerical errors yet" in page) is told


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (problem(404, "not-found"), "There is nothing to see of the moderation yet."),
        (problem(503, "unavailable"), "Moderation: not available now."),
    ],
)
def test_without_a_moderation_the_page_says_so(
    browser: Browser, says: FakeServices, answer: Any, said: str
) -> None:
    says.answers["GET", MODERATION] = answer
    page = browser.sign_in().get(HERE)
    assert page.status_code == 200
    assert said in page.text


def test_after_results_day_no_moderation_is_awaited(
    browser: Browser, says: FakeServices, answers: SheetAnswers
) -> None:
    answers.paper(paper(results_released=True))
    says.answers["GET", MODERATION] = problem(404, "not-found")
    assert "There is no record of a moderation" in browser.sign_in().get(HERE).text


def test_once_it_is_out_everybody_is_listed(
    browser: Browser, says: FakeServices, answers: SheetAnswers
) -> None:
    moderated = {"moderated": {"total": 47, "outcome": None}}
    absent = candidate("1003", code="A", moderated=None)
    answers.sheet(sheet(candidate("1001", **moderated), candidate("1002", **moderated), absent))
    changes = {"state": "approved", "outcome": "adjusted", "released": True}
    says.says("GET", MODERATION, moderation(compared("1001"), **changes))
    page = unescape(browser.sign_in().get(HERE).text)
    assert page.count("<strong>47</strong>") == 2
    assert "The centre sees it from results day." not in page
    (asked,) = says.asked(f"{MARKS}/marksheet")
    assert asked.target.endswith("?rows=all")


def test_the_board_sees_what_waits(browser: Browser, fake: FakeServices) -> None:
    one: Json = {
        "centre_no": "68101",
        "paper_id": "p1",
        "paper_title": "HISTORY <b>",
        "state": "completed",
        "outcome": "adjusted",
    }
    one |= {"sampled": 7, "marked": 7, "results_day": "2031-08-20T23:30:00+00:00"}
    listed = {"moderations": [one], "total": 1, "page": 1, "rows": 20}
    fake.says("GET", "/api/sampling/moderations", listed)
    page = browser.sign_in(BOARD_STAFF).get("/board/moderations")
    assert "HISTORY &lt;b&gt;" in page.text
    assert "7 of 7" in page.text
    assert "21/08/2031" in page.text
    assert fake.asked("/api/sampling/moderations")[0].target.endswith(
        "state=completed&rows=20&page=1"
    )


def test_a_total_alone_stands_in_the_only_box() -> None:
    one_task = moderation(tasks=[{"name": "Task 1", "max": 40}])
    total_only = mark("1001", 1) | {"tasks": None, "total": 30}
    (column,) = columns_of(one_task)
    assert texts_of([column], total_only)["task-0"] == "30"
    assert texts_of(columns_of(moderation()), total_only)["task-1"] == ""


def test_who_has_no_work_is_not_marked() -> None:
    absent = compared("1001", total=None, tasks=None, code="A")
    hidden = compared("1002", total=None, tasks=None, hidden=True)
    desk = workspace(moderation(absent, hidden), {}, may_mark=True)
    assert [line.can_be_marked for line in desk.lines] == [False, True]


def test_a_plot_needs_marks_of_both() -> None:
    assert scatter(moderation(compared("1001"))) is None
    plot = scatter(moderation(compared("1001", mark("1001", 22, 38))))
    assert plot is not None
    (point,) = plot.points
    assert (point.x, point.y, point.outside, plot.band) == (50, 40, True, 3)
