"""The moderator's form for clerical errors, and the history of a candidate's mark."""

from html import unescape
from typing import Any

import pytest

from services.gateway.corrections import Correction, by_field, counting_tasks
from tests.support.gateway import APPOINTEE, BOARD_STAFF, Browser, FakeServices, problem
from tests.support.sheet_answers import (
    AT,
    MARKS,
    PAGES,
    Json,
    SheetAnswers,
    candidate,
    paper,
    posted,
    sheet,
)

HERE = f"{PAGES}/candidates/1001/clerical-error"
ERRORS = f"{MARKS}/clerical-errors"
HISTORY = f"{PAGES}/candidates/1001/history"
BY_TASK = {"tasks": [25, 30], "total": 55, "by": "Moli", "at": AT, "reason": "r"}
RECORDED = {"candidate_no": "1001", "effective_total": 55}


@pytest.fixture
def moderator(browser: Browser, fake: FakeServices, answers: SheetAnswers) -> Browser:
    """Signed in as the moderator; candidate 1001 has 20 + 30."""
    answers.sheet(sheet(candidate("1001"), candidate("1002")))
    fake.says("GET", ERRORS, {"clerical_errors": [], "total": 0})
    return browser.sign_in(APPOINTEE)


def typed(tasks: str, total: str = "") -> Correction:
    return Correction(tasks.split(","), total, "Added up wrongly")


@pytest.mark.parametrize(
    ("given", "changes", "sent"),
    [
        (typed("25,"), {}, {"tasks": [25, 30]}),
        (typed(",0"), {}, {"tasks": [20, 0]}),
        (typed("25,31"), {}, {"tasks": [25, 31]}),
        (typed(",35"), {"clerical_error": BY_TASK}, {"tasks": [25, 35]}),
        (typed(",35"), {"clerical_error": BY_TASK | {"tasks": None}}, {"tasks": [20, 35]}),
        (typed(",", "61"), {}, {"total": 61}),
        (typed(",", "sixty"), {}, {"total": "sixty"}),
        (typed("2.5,-1"), {}, {"tasks": ["2.5", "-1"]}),
    ],
)
def test_an_empty_box_leaves_the_mark_that_counts(
    given: Correction, changes: Json, sent: Json
) -> None:
    assert given.unclear == ""
    body = given.body(candidate("1001", **changes))
    assert body == {"candidate_no": "1001", "reason": "Added up wrongly", **sent}


@pytest.mark.parametrize("given", [typed(","), typed("25,", "61")])
def test_a_form_that_says_nothing_or_two_things_is_unclear(given: Correction) -> None:
    assert given.unclear


def test_what_is_wrong_is_named_by_field() -> None:
    pointers = ["/tasks/1", "/tasks", "/total", "/reason", "", "/candidate_no"]
    fields = list(by_field({pointer: pointer for pointer in pointers}))
    assert fields == ["task-1", "task-0", "total", "reason", ""]
    assert counting_tasks(candidate("1", tasks=None, outcome="Pass")) == []


def test_the_form_shows_the_marks_of_the_centre(moderator: Browser, answers: SheetAnswers) -> None:
    answers.sheet(sheet(candidate("1001", clerical_error=BY_TASK, effective_total=55)))
    raw = moderator.get(HERE).text
    assert "<b>" not in raw
    page = " ".join(unescape(raw).split())
    for said in (
        "1001 ŴYN <b> : SIÂN 1001",
        "Part A (Max: 34)",
        "Centre's mark: 20. Amended already: 25",
        "Centre's mark: 30</div>",
        "Or only the total (Max: 100)",
        "Centre's total: 50. Amended already: 55",
    ):
        assert said in page


def test_a_paper_of_one_task_has_one_box(moderator: Browser, answers: SheetAnswers) -> None:
    one = paper(tasks=[{"name": "Work", "max": 80}])
    answers.sheet(sheet(candidate("1001", tasks=[20], total=20, effective_total=20), of=one))
    page = moderator.get(HERE).text
    assert page.count('inputmode="numeric"') == 1
    assert 'name="task-0"' in page


@pytest.mark.parametrize(
    ("of_paper", "of_candidate", "said"),
    [
        ({"outcomes": ["Pass"], "tasks": None}, {"outcome": "Pass", "tasks": None}, "by outcome"),
        ({}, {"code": "A"}, "has the code A"),
    ],
)
def test_where_there_is_no_mark_there_is_no_form(
    moderator: Browser, answers: SheetAnswers, of_paper: Json, of_candidate: Json, said: str
) -> None:
    answers.sheet(sheet(candidate("1001", **of_candidate), of=paper(**of_paper)))
    page = moderator.get(HERE).text
    assert said in page
    assert "<textarea" not in page


def test_a_correction_is_recorded_once_and_leads_back(
    moderator: Browser, fake: FakeServices
) -> None:
    fake.says("POST", ERRORS, RECORDED, 201)
    form = {"once": "k1", "task-0": " 25 ", "task-1": "", "total": "", "reason": "Slip"}
    for _click in range(2):
        done = moderator.submit(HERE, **form)
        assert (done.status_code, done.location) == (303, f"{PAGES}/marksheet")
    assert posted(fake, ERRORS) == {"candidate_no": "1001", "tasks": [25, 30], "reason": "Slip"}
    moderator.submit(HERE, **form | {"task-0": "26"})
    moderator.submit(HERE, **form | {"once": "k2"})
    keys = [one.headers["Idempotency-Key"] for one in fake.asked(ERRORS) if one.method == "POST"]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    said = "Candidate 1001: the mark that counts is now 55."
    assert said in moderator.get("/guide").text


def test_what_is_wrong_stands_beside_its_field(moderator: Browser, fake: FakeServices) -> None:
    errors = [
        {"pointer": "/tasks/1", "detail": "Part B: at most 66."},
        {"pointer": "/reason", "detail": "A reason is needed."},
    ]
    fake.says("POST", ERRORS, {"detail": "two", "errors": errors}, 422)
    answer = moderator.submit(HERE, **{"task-1": "99<i>", "reason": "  "})
    assert answer.status_code == 200
    assert "<i>" not in answer.text
    page = unescape(answer.text)
    assert posted(fake, ERRORS)["tasks"] == [20, "99<i>"]
    assert 'id="task-1-error">Part B: at most 66.</p>' in page
    assert 'id="reason-error">A reason is needed.</p>' in page
    assert 'value="99<i>"' in page
    assert page.count('aria-invalid="true"') == 2


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Type the amended mark of at least one task"),
        ({"task-0": "1", "total": "2"}, "not both"),
    ],
)
def test_an_unclear_form_is_not_sent(
    moderator: Browser, fake: FakeServices, form: dict[str, str], said: str
) -> None:
    answer = moderator.submit(HERE, reason="Slip", **form)
    assert (answer.status_code, said in answer.text) == (200, True)
    assert all(one.method == "GET" for one in fake.asked(ERRORS))


@pytest.mark.parametrize(
    ("status", "shown_status"), [(409, 200), (503, 200), (403, 403), (404, 404)]
)
def test_a_refusal_without_a_field_is_said(
    moderator: Browser, fake: FakeServices, status: int, shown_status: int
) -> None:
    fake.answers["POST", ERRORS] = problem(status, "not-now")
    answer = moderator.submit(HERE, **{"task-0": "1", "reason": "Slip"})
    assert (answer.status_code, "refused: not-now" in answer.text) == (shown_status, True)


def test_earlier_corrections_of_the_candidate_are_listed(
    moderator: Browser, fake: FakeServices
) -> None:
    def recorded(number: str, reason: str, **changes: Any) -> Json:
        return {
            "candidate_no": number,
            "original": {"tasks": [20, 30], "total": 50},
            "amended": {"tasks": [25, 30], "total": 55},
            "at": AT,
            "by": "Moli",
            "reason": reason,
        } | changes

    only_total = {"amended": {"tasks": None, "total": 61}}
    listed = [
        recorded("1001", "One"),
        recorded("1002", "Two"),
        recorded("1001", "Three", **only_total),
    ]
    fake.says("GET", ERRORS, {"clerical_errors": listed, "total": 3})
    page = moderator.get(HERE).text
    assert "One" in page
    assert "Two" not in page
    assert "(20 + 30 → 25 + 30)" in page
    assert '50 → <strong class="amended">61</strong></p>' in page


@pytest.mark.parametrize("user", [None, BOARD_STAFF])
def test_only_a_moderator_has_the_form(
    browser: Browser, answers: SheetAnswers, user: object
) -> None:
    answers.sheet(sheet(candidate("1001")))
    assert browser.sign_in(user).get(HERE).status_code == 403


@pytest.mark.usefixtures("answers")
def test_an_unknown_candidate_is_not_found(moderator: Browser) -> None:
    assert moderator.get(HERE.replace("1001", "9999")).status_code == 404


def test_the_history_tells_every_change(
    browser: Browser, fake: FakeServices, answers: SheetAnswers
) -> None:
    answers.paper(paper())
    empty: Json = {"tasks": [None, None], "code": None, "outcome": None, "total": None}
    steps: list[tuple[str, Json, str]] = [
        ("typed", {"tasks": [20, None], "initials": "AB"}, "20 + \N{EN DASH} (AB)"),
        ("pasted", {"tasks": [20, 30], "total": 50, "initials": ""}, "20 + 30 = 50"),
        ("imported", {"tasks": None, "code": "A"}, "A"),
        ("clerical_error", {"tasks": None, "total": 61}, "61"),
        ("odd", {"tasks": None, "outcome": "Merit"}, "Merit"),
    ]
    changes = [
        {"at": AT, "by": "Ann <b>", "from": empty, "to": empty | to, "how": how, "why": "Why <i>"}
        for how, to, _shown in steps
    ]
    fake.says("GET", f"{MARKS}/candidates/1001/history", {"changes": changes})
    browser.sign_in()
    raw = browser.get(HISTORY).text
    assert "<b>" not in raw
    assert "Why <i>" not in raw
    page = unescape(raw)
    for _how, _to, shown in steps:
        assert f'data-label="After">{shown}</td>' in page
    assert page.count('data-label="Before">\N{EN DASH}</td>') == len(steps)
    for way in ("typed", "pasted", "from a file", "clerical error", "odd"):
        assert f'data-label="How">{way}</td>' in page


def test_a_candidate_without_marks_has_an_empty_history(
    browser: Browser, fake: FakeServices, answers: SheetAnswers
) -> None:
    answers.paper(paper())
    fake.says("GET", f"{MARKS}/candidates/1001/history", {"changes": []})
    assert "Nothing has been entered" in browser.sign_in().get(HISTORY).text
    assert browser.get(HISTORY.replace("1001", "9999")).status_code == 404
