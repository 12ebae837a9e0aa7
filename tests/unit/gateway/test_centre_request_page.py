"""The centre's page of late entries and later deadlines."""

from html import unescape
from typing import Any

import pytest

from tests.support.gateway import BOARD_STAFF, TEACHER, Browser, FakeServices, problem
from tests.support.sheet_answers import AT, MARKS, PAGES, SheetAnswers, keys_of, paper, posted

HERE = f"{PAGES}/requests"
ENTRIES, EXTENSIONS = f"{MARKS}/entry-requests", f"{MARKS}/extension-requests"
OFFICER = TEACHER | {"role": "admin"}
ASKED: dict[str, Any] = {
    "id": "q1",
    "kind": "entry",
    "candidate_no": "0009",
    "from": {},
    "to": {
        "candidate_no": "0009",
        "surname": "ŴYN <b>",
        "forenames": "SIÂN",
        "dob": "2015-03-29",
        "teaching_set": "",
    },
    "reason": "Moved",
    "state": "requested",
    "requested_at": AT,
    "requested_by": "Ann",
    "allow_until": AT,
    "decided_at": None,
    "decided_by": None,
    "comment": "",
    "document": None,
}
LATER = ASKED | {
    "kind": "extension",
    "candidate_no": None,
    "from": {"marks_deadline": "2031-05-10"},
    "to": {"marks_deadline": "2031-05-20"},
}


TAB = f'<a href="{HERE}" aria-current="page">Late entries and deadlines</a>'


@pytest.fixture(autouse=True)
def _said(answers: SheetAnswers, fake: FakeServices) -> None:
    answers.paper(paper(marks_deadline="2031-05-10"))
    fake.says("GET", ENTRIES, {"requests": [ASKED], "total": 1})
    fake.says("GET", EXTENSIONS, {"requests": [LATER], "total": 1})


def test_what_was_asked_for_is_listed_with_its_72_hours(browser: Browser) -> None:
    browser.sign_in(OFFICER)
    raw = browser.get(HERE).text
    assert "<b>" not in raw
    page = " ".join(unescape(raw).split())
    assert "for late entries alone" in page
    for said in ("10/05/2031 → <strong>20/05/2031", "0009 ŴYN <b> : SIÂN", "allow until"):
        assert said in page


def test_a_teacher_asks_for_time_and_not_for_entries(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    assert 'value="entry"' not in browser.get(HERE).text
    fake.says("POST", EXTENSIONS, LATER, 201)
    done = browser.submit(HERE, kind="extension", until="2031-05-20", reason="Flood")
    assert (done.status_code, done.location) == (303, HERE)
    assert posted(fake, EXTENSIONS) == {"until": "2031-05-20", "reason": "Flood"}


def test_a_form_sent_twice_asks_once(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(OFFICER)
    assert browser.get(HERE).text.count('name="once" value="') == 2
    fake.says("POST", EXTENSIONS, LATER, 201)
    form = {"kind": "extension", "until": "2031-05-20", "reason": "Flood", "once": "k1"}
    for changes in ({}, {}, {"reason": "Fire"}, {"once": "k2"}):
        browser.submit(HERE, **form | changes)
    first, second, *others = keys_of(fake, EXTENSIONS)
    assert first == second
    assert len({first, *others}) == 3
    fake.says("POST", ENTRIES, ASKED, 201)
    browser.submit(HERE, kind="entry", surname="Ŵyn", once="k1")
    assert all(keys_of(fake, ENTRIES))


def test_a_refused_entry_keeps_what_was_typed(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(OFFICER)
    errors = [{"pointer": "/dob", "detail": "Must not be in the future."}]
    fake.says("POST", ENTRIES, {"detail": "No.", "errors": errors}, 422)
    page = browser.submit(HERE, kind="entry", surname="Ŵyn", dob="2032-01-01").text
    assert 'id="entry-dob-error"' in page
    assert 'value="Ŵyn"' in page
    fake.answers["POST", ENTRIES] = problem(409, "asked-already")
    assert "refused: asked-already" in browser.submit(HERE, kind="entry").text


def test_the_board_only_looks(browser: Browser) -> None:
    browser.sign_in(BOARD_STAFF)
    page = browser.get(HERE).text
    assert 'name="reason"' not in page
    assert "20/05/2031" in page


def test_it_is_one_of_the_pages_of_its_paper(browser: Browser) -> None:
    assert TAB in browser.sign_in(OFFICER).get(HERE).text
