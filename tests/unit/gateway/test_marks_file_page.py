"""Marks from a file: looked at first, then confirmed; what meets somebody else's is asked."""

import re
from html import unescape
from typing import Any

import pytest
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from tests.support.gateway import APPOINTEE, BOARD_STAFF, Browser, FakeServices, problem
from tests.support.sheet_answers import MARKS, PAGES, SheetAnswers, candidate, paper

HERE = f"{PAGES}/marks-file"
IMPORT = f"{MARKS}/imports/marks"
CSV = "candidate_no,task_1\n1001,50\nSiân".encode()
PACKED = re.compile(r'name="packed" value="([^"]+)"')
NONE: dict[str, Any] = {"tasks": [None], "code": None, "outcome": None, "total": None}
FIFTY = NONE | {"tasks": [50], "total": 50, "initials": "AB"}
CHANGE = {"candidate_no": "1001", "name": "ŴYN <b> : SIÂN", "from": NONE, "to": FIFTY}
LOOK: dict[str, Any] = {
    "changes": [CHANGE],
    "refused": [],
    "odd": [{"candidate_no": "1001", "line": 2, "detail": "Not the sum."}],
    "unchanged": 7,
    "cursor": "12",
}


def conflict(**changes: Any) -> dict[str, Any]:
    current = candidate("1002", **{"locked": False} | changes)
    return {"candidate_no": "1002", "line": 3, "detail": "!", "to": FIFTY, "current": current}


@pytest.fixture(autouse=True)
def _paper(answers: SheetAnswers) -> None:
    answers.paper(paper(state="under_way"))


def check(browser: Browser, content: bytes = CSV) -> TestResponse:
    fields: list[tuple[str, str | tuple[str, bytes]]] = [("csrf_token", browser.token())]
    fields += [("file", ("marks.csv", content))]
    body, content_type = encode_multipart_formdata(fields)
    return browser.client.post(HERE, data=body, content_type=content_type)


def test_the_sheet_is_there_to_be_taken_home(browser: Browser) -> None:
    browser.sign_in()
    page = browser.get(HERE).text
    for kind in ("csv", "xlsx"):
        assert f'href="{MARKS}/exports/marks?format={kind}"' in page


def test_a_file_is_looked_at_then_imported_as_it_was(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("POST", IMPORT, LOOK)
    looked = check(browser)
    assert fake.seen[-2].target == f"{IMPORT}?dry_run=true"
    page = " ".join(unescape(looked.text).split())
    for said in ("1001 ŴYN <b> : SIÂN", ">50 (AB)<", "1001: Not the sum.", "<dd>7</dd>"):
        assert said in page
    assert "<b> :" not in looked.text

    (packed,) = PACKED.findall(looked.text)
    done = browser.submit(HERE, packed=packed, seen="12")
    assert (done.status_code, done.location) == (303, f"{PAGES}/marksheet")
    assert (fake.seen[-1].target, fake.seen[-1].body) == (f"{IMPORT}?seen=12", CSV)
    assert fake.seen[-1].headers["Content-Type"] == "text/csv"


def test_a_file_imported_twice_is_there_already(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("POST", IMPORT, LOOK)
    (packed,) = PACKED.findall(check(browser).text)
    fake.says("POST", IMPORT, LOOK | {"changes": [], "odd": []})
    assert browser.submit(HERE, packed=packed, seen="12").status_code == 303
    page = browser.get("/guide").text
    assert "Everything in the file is there already." in page
    assert "0 marks" not in page


def test_a_workbook_is_sent_as_one(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("POST", IMPORT, LOOK)
    check(browser, b"PK\x03\x04...")
    assert "spreadsheetml" in fake.seen[-2].headers["Content-Type"]


def test_a_conflict_shows_both_values_and_asks(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("POST", IMPORT, LOOK | {"refused": [conflict(tasks=[31], total=31)]})
    page = unescape(check(browser).text)
    for said in ("Somebody has changed these marks", ">31", "Import, and overwrite what is in"):
        assert said in page


def test_a_submitted_candidate_keeps_the_file_out(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("POST", IMPORT, LOOK | {"refused": [conflict(locked=True)]})
    page = check(browser).text
    assert "Candidates who are submitted cannot be changed by a file." in page
    assert "packed" not in page


def test_nothing_to_import_is_said(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("POST", IMPORT, LOOK | {"changes": []})
    page = check(browser).text
    assert "there is nothing to import" in page
    assert "packed" not in page


def test_every_bad_cell_is_listed(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    errors = [{"pointer": "/lines/3/task_1", "detail": "Cell F3, task_1: too much <i>."}]
    fake.says("POST", IMPORT, {"detail": "1 line is wrong.", "errors": errors}, 422)
    page = check(browser)
    assert (page.status_code, "<i>" in page.text) == (200, False)
    for said in ("1 line is wrong.", "Cell F3, task_1: too much <i>.", 'type="file"'):
        assert said in unescape(page.text)


def test_what_changed_after_the_look_is_shown_again(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("POST", IMPORT, LOOK)
    (packed,) = PACKED.findall(check(browser).text)
    refusal = {"detail": "Changed meanwhile.", "refused": [conflict()], "errors": []}
    fake.says("POST", IMPORT, refusal, 422)
    page = browser.submit(HERE, packed=packed, seen="12")
    assert (page.status_code, "Changed meanwhile." in page.text) == (200, True)
    assert [seen.target for seen in fake.asked(IMPORT)][-2:] == [
        f"{IMPORT}?seen=12",
        f"{IMPORT}?dry_run=true",
    ]


def test_no_file_and_no_service_are_said(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    assert "Choose a file first." in check(browser, b"").text
    fake.answers["POST", IMPORT] = problem(503, "unavailable")
    assert "refused: unavailable" in check(browser).text


@pytest.mark.parametrize("who", [BOARD_STAFF, APPOINTEE])
def test_only_the_centre_imports(browser: Browser, fake: FakeServices, who: dict[str, Any]) -> None:
    browser.sign_in(who)
    assert browser.get(HERE).status_code == 403
    assert check(browser).status_code == 403
    assert fake.asked(IMPORT) == []
