"""The marksheet without script: a plain form that saves what was changed and keeps what was not."""

import json
import re
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.support.gateway import Browser, FakeServices, problem
from tests.support.sheet_answers import keys_of

from .sheets import (
    BY_OUTCOME,
    ONE_TASK,
    PAGE,
    SAMPLE,
    SAMPLED,
    SHEET,
    SUBMITTED,
    TWO_TASKS,
    Json,
    candidate,
    lay_down,
    marked,
)

KEPT = re.compile(r'<input type="hidden" id="was-[0-9]+" name="(was-[0-9]+)" value="([^"]*)"')
FIRST, SECOND = candidate("1054"), marked("3268", 15, 20)


def save(browser: Browser, page: str = PAGE, **typed: str) -> TestResponse:
    """Send the form of the page with what its hidden fields hold, and what was typed."""
    html = browser.get(page).text
    hidden = {name: unescape(value) for name, value in KEPT.findall(html)}
    fields = {name.replace("_", "-"): value for name, value in typed.items() if name != "do"}
    return browser.submit(page, **hidden, **fields, do=typed.get("do", "save"))


def answers(fake: FakeServices, saved: int = 0, *refused: Json) -> None:
    line = {"version": 4, "total": 1, "initials": "", "complete": True}
    body = {"saved": [line | {"candidate_no": "1054"}] * saved, "refused": list(refused)}
    fake.says("PATCH", SHEET, body)


def sent(fake: FakeServices) -> list[Json]:
    (seen,) = [seen for seen in fake.asked(SHEET) if seen.method == "PATCH"]
    rows: list[Json] = json.loads(seen.body)["candidates"]
    return rows


def refusal(number: str, status: int, pointer: str = "", **more: Any) -> Json:
    said = f"refused: {pointer or status}"
    errors = [{"pointer": pointer, "detail": said}] if pointer else []
    return {"candidate_no": number, "status": status, "detail": said, "errors": errors} | more


def field(page: str, name: str) -> str:
    found = re.search(rf'<(?:input|select)[^>]* name="{name}"[^>]*>', page)
    assert found
    return found[0]


@pytest.fixture
def at_sheet(browser: Browser, fake: FakeServices) -> Browser:
    lay_down(fake, TWO_TASKS, FIRST, SECOND)
    return browser.sign_in()


def test_what_was_changed_is_saved(at_sheet: Browser, fake: FakeServices) -> None:
    answers(fake, 1)
    answer = save(at_sheet, t0_1054="15", t1_1054="", initials_1054="CD", t0_3268="15")
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert sent(fake) == [
        {"candidate_no": "1054", "version": 3, "tasks": [15, None], "initials": "CD"}
    ]
    assert "1 mark saved." in at_sheet.get(PAGE).text


def test_saving_keeps_the_options_and_closing_goes_to_the_menu(
    at_sheet: Browser, fake: FakeServices
) -> None:
    answers(fake, 1)
    filtered = f"{PAGE}?rows=50&show=unmarked"
    assert f'action="{filtered.replace("&", "&amp;")}"' in at_sheet.get(filtered).text
    assert save(at_sheet, filtered, t0_1054="1").headers["Location"] == filtered
    closed = save(at_sheet, t0_1054="1", do="close")
    assert closed.headers["Location"] == "/centres/68101/papers"


def test_nothing_changed_is_nothing_to_save(at_sheet: Browser, fake: FakeServices) -> None:
    assert save(at_sheet, t0_3268="15", t1_3268=" 20 ").status_code == 303
    assert "Nothing had changed." in at_sheet.get(PAGE).text
    assert [seen.method for seen in fake.asked(SHEET)] == ["GET"] * 3


def test_what_is_refused_stays_as_it_was_typed(at_sheet: Browser, fake: FakeServices) -> None:
    answers(fake, 1, refusal("1054", 422, "/tasks/1"))
    page = save(at_sheet, t0_1054="15", t1_1054="99", t0_3268="16").text
    assert 'value="15"' in field(page, "t0-1054")
    assert 'aria-invalid="true"' not in field(page, "t0-1054")
    assert 'value="99"' in field(page, "t1-1054")
    assert 'aria-describedby="e-t1-1054"' in field(page, "t1-1054")
    assert 'href="#t1-1054">1054: refused: /tasks/1</a>' in page
    assert "1 mark is saved. These are not:" in page
    assert "Nothing is stored." in page


def test_a_conflict_shows_what_is_stored_and_can_be_overruled(
    at_sheet: Browser, fake: FakeServices
) -> None:
    lay_down(fake, TWO_TASKS, FIRST | {"tasks": [30, 2], "version": 9, "initials": "XY"})
    was = json.dumps({"version": 3, "t0": "", "t1": "", "initials": ""})
    answers(fake, 0, refusal("1054", 409, "/version", current={}))
    typed = {"was-1054": was, "t0-1054": "15", "t1-1054": "", "initials-1054": "", "do": "save"}
    page = at_sheet.submit(PAGE, **typed).text
    assert 'value="15"' in field(page, "t0-1054")
    assert "Stored: 30 · 2 · XY" in page
    assert "Save again to put yours in its place." in page
    assert json.loads(unescape(KEPT.findall(page)[0][1]))["version"] == 9


def test_an_absence_is_to_be_confirmed(at_sheet: Browser, fake: FakeServices) -> None:
    answers(fake, 1)
    page = save(at_sheet, t0_1054="a").text
    assert 'value="a"' in field(page, "t0-1054")
    assert "Yes, 1054 SURNAME\xa0: FORENAME is absent" in page
    assert field(page, "sure-1054")
    assert not [seen for seen in fake.asked(SHEET) if seen.method == "PATCH"]
    assert save(at_sheet, t0_1054="a", sure_1054="yes").status_code == 303
    assert sent(fake) == [{"candidate_no": "1054", "version": 3, "code": "A", "initials": ""}]


def test_an_absence_of_a_candidate_assessed_by_outcome(
    browser: Browser, fake: FakeServices
) -> None:
    lay_down(fake, BY_OUTCOME, candidate(tasks=None, outcome="Pass"))
    page = save(browser.sign_in(), outcome_1054="Pass", code_1054="A").text
    assert "<option selected>A</option>" in page
    assert 'href="#code-1054"' in page


def test_what_was_absent_is_not_asked_again(browser: Browser, fake: FakeServices) -> None:
    lay_down(fake, TWO_TASKS, candidate(code="A"))
    answers(fake, 1)
    save(browser.sign_in(), t0_1054="A", initials_1054="AB")
    assert sent(fake)[0]["code"] == "A"


def test_a_refused_candidate_that_has_moved_is_shown_all_the_same(
    browser: Browser, fake: FakeServices
) -> None:
    lay_down(fake, TWO_TASKS, SECOND)
    browser.sign_in()
    answers(fake, 0, refusal("3268", 422, "/initials"), refusal("9999", 404))
    was = json.dumps({"version": 1, "t0": "", "t1": "", "initials": ""})
    typed = {
        "was-3268": was,
        "initials-3268": "1",
        "was-9999": was,
        "t0-9999": "1",
        "do": "save",
    }
    page = browser.submit(f"{PAGE}?page=1", **typed).text
    assert 'value="1"' in field(page, "initials-3268")
    assert "9999: refused: 404" in page
    assert "rows=all" in fake.asked(SHEET)[-1].target


@pytest.mark.parametrize(
    "was",
    [
        *("", "[]", "{}", "{", '"x"', "1", "[" * 10_000, "9" * 10_000),
        *('{"version": 1}', '{"version": 1, "outcome": "x"}', '{"version": 1, "t0": ""}'),
        '{"version": 1, "t0": "", "t1": "", "t2": "", "initials": ""}',
    ],
)
def test_a_form_of_somebody_else_is_refused(
    at_sheet: Browser, fake: FakeServices, was: str
) -> None:
    answers(fake, 0, refusal("1054", 422, "/tasks/0"))
    typed = {"was-1054": was, "t0-1054": "1", "outcome-1054": "y", "do": "save"}
    assert at_sheet.submit(PAGE, **typed).status_code == 400
    assert "PATCH" not in {seen.method for seen in fake.seen}


def test_a_service_that_is_down_is_said(at_sheet: Browser, fake: FakeServices) -> None:
    fake.answers["PATCH", SHEET] = problem(503, "unavailable")
    assert save(at_sheet, t0_1054="1").status_code == 503


def test_the_largest_sheet_is_sent_in_parts(browser: Browser, fake: FakeServices) -> None:
    tasks = [{"name": f"Task {number}", "max": 100} for number in range(1, 9)]
    numbers = [f"{number:04d}" for number in range(2001)]
    lines = [marked(number, *range(8), initials="ABCDEF") for number in numbers]
    lay_down(fake, TWO_TASKS | {"tasks": tasks}, *lines)
    answers(fake, 7)
    typed = {f"t{task}_{number}": "100" for task in range(8) for number in numbers}
    assert save(browser.sign_in(), **typed).status_code == 303
    bodies = [json.loads(seen.body) for seen in fake.asked(SHEET) if seen.method == "PATCH"]
    assert [len(body["candidates"]) for body in bodies] == [500, 500, 500, 500, 1]


@pytest.fixture
def at_sample(browser: Browser, fake: FakeServices) -> Browser:
    fake.says("GET", SAMPLE, SAMPLED)
    locked = [marked(number, 50, locked=True) for number in ("1054", "3268")]
    lay_down(fake, ONE_TASK | SUBMITTED, *locked)
    return browser.sign_in()


def add(browser: Browser, *numbers: str, note: str = "") -> TestResponse:
    data = {"csrf_token": browser.token(PAGE), "do": "add", "add": list(numbers), "note": note}
    return browser.client.post(f"{PAGE}?rows=50", data=data)


def test_candidates_are_added_to_the_sample(at_sample: Browser, fake: FakeServices) -> None:
    fake.says("POST", f"{SAMPLE}/additions", SAMPLED, 201)
    answer = add(at_sample, "1054", "3268", note=" Work lost. ")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?rows=50")
    (asked,) = fake.asked(f"{SAMPLE}/additions")
    expected = {"candidate_nos": ["1054", "3268"], "note": "Work lost."}
    assert json.loads(asked.body) == expected
    assert "2 candidates added to the sample." in at_sample.get(PAGE).text


def test_an_addition_sent_twice_is_one(at_sample: Browser, fake: FakeServices) -> None:
    assert 'name="once" value="' in at_sample.get(PAGE).text
    fake.says("POST", f"{SAMPLE}/additions", SAMPLED, 201)
    form: Json = {"do": "add", "add": ["1054"], "note": "Lost.", "once": "k1"}
    for changes in ({}, {}, {"add": ["3268"]}):
        at_sample.submit(PAGE, **form | changes)
    first, second, other = keys_of(fake, f"{SAMPLE}/additions")
    assert first == second != other


@pytest.mark.parametrize(
    ("errors", "links"),
    [
        ([("/note", "Say why.")], {"note": "Say why."}),
        ([("/candidate_nos/1", "No work.")], {"add-3268": "No work."}),
        ([], {"note": "Not now."}),
    ],
)
def test_a_refused_addition_keeps_note_and_ticks(
    at_sample: Browser,
    fake: FakeServices,
    errors: list[tuple[str, str]],
    links: dict[str, str],
) -> None:
    listed = [{"pointer": pointer, "detail": detail} for pointer, detail in errors]
    fake.says("POST", f"{SAMPLE}/additions", {"detail": "Not now.", "errors": listed}, 422)
    page = add(at_sample, "1054", "3268", note="<b>lost").text
    for target, detail in links.items():
        assert f'href="#{target}">{detail}</a>' in page
    assert re.findall(r'id="add-([0-9]+)"[^>]* checked', page) == ["1054", "3268"]
    assert "&lt;b&gt;lost</textarea>" in page


@pytest.mark.parametrize(
    ("numbers", "note", "links"),
    [((), "why", ["marks"]), (("1054",), "  ", ["note"]), ((), "", ["marks", "note"])],
)
def test_an_addition_needs_candidates_and_a_note(
    at_sample: Browser, fake: FakeServices, numbers: tuple[str, ...], note: str, links: list[str]
) -> None:
    page = add(at_sample, *numbers, note=note).text
    assert re.findall(r'class="alert-link" href="#([^"]+)"', page) == links
    assert fake.asked(f"{SAMPLE}/additions") == []
