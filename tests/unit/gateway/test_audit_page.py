"""The audit trail on pages: filtered, paged, and as a file."""

from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.gateway import BOARD_STAFF, TEACHER, Browser, FakeServices, problem

HERE = "/centres/68101/audit"
API = "/api/identity/centres/68101/audit"
EVENT: dict[str, Any] = {
    "id": "e1",
    "at": "2031-05-01T12:00:00+00:00",
    "by": "Carys <b>",
    "action": "user.changed",
    "what": "An account was changed",
    "subject": "users/u2",
    "about": "Dewi Ábel",
    "before": {"iamis": False, "address": ""},
    "after": {"iamis": True, "places": [{"centre_no": "68101", "restrictions": {"papers": []}}]},
    "names": {},
    "why": "",
    "centre_no": "68101",
}


def found(total: int = 1, **changed: Any) -> dict[str, Any]:
    return {"events": [EVENT | changed], "total": total, "page": 1, "rows": 50}


def test_it_says_who_did_what_to_whom(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, found())
    raw = browser.sign_in().get(HERE).text
    assert "Carys <b>" not in raw
    for said in (
        "Carys <b>",
        ">An account was changed</td>",
        "Dewi Ábel",
        "IAMIS: Off; Address: none",
        "01/05/2031",
    ):
        assert said in unescape(raw)


def test_what_is_within_is_spelt_out(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, found())
    page = unescape(browser.sign_in().get(HERE).text)
    assert "IAMIS: On; In centres: (Centre: 68101, Restrictions: none)" in page


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"account_type": "admin", "status": "invited"}, "Account type: Admin; Status: Invited"),
        ({"language": "cy", "kind": "board"}, "Language: Welsh; Kind of account: Board staff"),
        ({"how": "enrolled", "left": 0}, "How: authenticator app, set up then"),
        ({"how": "enrolled", "left": 0}, "Recovery codes left: 0"),
        ({"enrolled": True}, "Authenticator app set up: Yes"),
        ({"signs_from": "2031-05-01T12:01:05+00:00"}, "Signs from: 01/05/2031\xa013:01"),
        ({"paper_id": "p1", "user_id": "u7"}, "Paper: 3700U1; Moderator: Mair Griffiths"),
        ({"papers": ["3700U1", "9791/01"], "places": [{}]}, "Paper codes: 3700U1, 9791/01"),
        ({"something": "new"}, "something: new"),
    ],
)
def test_details_are_told_in_words(
    browser: Browser, fake: FakeServices, details: dict[str, Any], said: str
) -> None:
    fake.says("GET", API, found(after=details, names={"p1": "3700U1", "u7": "Mair Griffiths"}))
    assert said in unescape(browser.sign_in().get(HERE).text)


def test_details_are_told_in_welsh(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, found(after={"account_type": "user", "iamis": True}))
    page = unescape(browser.sign_in(TEACHER | {"language": "cy"}).get(HERE).text)
    assert "Math o gyfrif: Defnyddiwr; IAMIS: Ymlaen" in page


def test_what_has_no_words_is_told_once(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, found(action="user.gone", what="user.gone"))
    assert browser.sign_in().get(HERE).text.count("user.gone") == 1


def test_what_is_asked_for_is_asked_and_stays(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, found(total=101))
    page = unescape(browser.sign_in().get(f"{HERE}?since=2031-05-01&until=&action=user").text)
    asked = parse_qs(urlsplit(fake.seen[-1].target).query)
    assert asked == {"since": ["2031-05-01"], "action": ["user"], "page": ["1"]}
    for said in ('value="2031-05-01"', "page=2", "since=2031-05-01", ">user</option>"):
        assert said in page


def test_what_was_done_is_chosen_by_its_words(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, found())
    page = browser.sign_in().get(f"{HERE}?action=session.ended").text
    assert '<option value="session.ended" selected>Signed out</option>' in page
    assert "key.added" not in page


def test_of_everything_there_is_more_to_choose(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", "/api/identity/audit", found())
    page = browser.sign_in(BOARD_STAFF).get("/board/audit").text
    assert '<option value="key.added">A signing key was added</option>' in page
    assert "marks.submitted" not in page


def test_a_day_that_is_none_is_said(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, {"detail": "This must be a date."}, 422)
    page = browser.sign_in().get(f"{HERE}?since=x")
    assert (page.status_code, "This must be a date." in page.text) == (200, True)


def test_all_that_matches_is_a_file_too(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, found(total=101))
    page = unescape(browser.sign_in().get(f"{HERE}?since=2031-05-01&until=&page=2").text)
    assert f'href="{API}?since=2031-05-01&format=csv" download="audit.csv"' in page


@pytest.mark.parametrize(("status", "slug"), [(403, "forbidden"), (404, "not-found")])
def test_who_may_not_sees_nothing(
    browser: Browser, fake: FakeServices, status: int, slug: str
) -> None:
    fake.answers["GET", API] = problem(status, slug)
    assert browser.sign_in().get(HERE).status_code == status


def test_identity_being_down_is_said(browser: Browser, fake: FakeServices) -> None:
    fake.answers["GET", API] = problem(503, "unavailable")
    page = browser.sign_in().get(HERE)
    assert (page.status_code, "not available now" in page.text) == (200, True)


def test_the_board_reaches_that_of_everything(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", "/api/marks/centres", {"centres": []})
    fake.says("GET", "/api/identity/centres", {"centres": [], "total": 0})
    fake.says("GET", "/api/identity/audit", found())
    browser.sign_in(BOARD_STAFF)
    assert 'href="/board/audit"' in browser.get("/board").text
    page = browser.get("/board/audit").text
    assert "Dewi Ábel" in page
    assert 'href="/board/audit" aria-current="page"' in page
