"""The audit trail on pages: filtered, paged, and as a file."""

from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Response

from tests.support.gateway import BOARD_STAFF, Browser, FakeServices, problem

HERE = "/centres/68101/audit"
API = "/api/identity/centres/68101/audit"
EVENT: dict[str, Any] = {
    "id": "e1",
    "at": "2031-05-01T12:00:00+00:00",
    "by": "Carys <b>",
    "action": "user.changed",
    "subject": "users/u2",
    "about": "Dewi Ábel",
    "before": {"iamis": False, "address": ""},
    "after": {"iamis": True, "places": [{"centre_no": "68101", "restrictions": {"papers": []}}]},
    "why": "",
    "centre_no": "68101",
}


def found(total: int = 1) -> dict[str, Any]:
    return {"events": [EVENT], "total": total, "page": 1, "rows": 50}


def test_it_says_who_did_what_to_whom(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, found())
    raw = browser.sign_in().get(HERE).text
    assert "Carys <b>" not in raw
    for said in (
        "Carys <b>",
        "user.changed",
        "Dewi Ábel",
        "iamis: No; address: none",
        "01/05/2031",
    ):
        assert said in unescape(raw)


def test_what_is_within_is_spelt_out(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, found())
    page = unescape(browser.sign_in().get(HERE).text)
    assert "iamis: Yes; places: (centre_no: 68101, restrictions: (papers: none))" in page


def test_what_is_asked_for_is_asked_and_stays(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, found(total=101))
    page = unescape(browser.sign_in().get(f"{HERE}?since=2031-05-01&until=&action=user").text)
    asked = parse_qs(urlsplit(fake.seen[-1].target).query)
    assert asked == {"since": ["2031-05-01"], "action": ["user"], "page": ["1"]}
    for said in ('value="2031-05-01"', "page=2", "since=2031-05-01"):
        assert said in page


def test_a_day_that_is_none_is_said(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, {"detail": "This must be a date."}, 422)
    page = browser.sign_in().get(f"{HERE}?since=x")
    assert (page.status_code, "This must be a date." in page.text) == (200, True)


def test_it_is_a_file_too(browser: Browser, fake: FakeServices) -> None:
    fake.answers["GET", API] = Response(b"at,by\n", content_type="text/csv")
    file = browser.sign_in().get(f"{HERE}?format=csv")
    assert (file.mimetype, file.data) == ("text/csv", b"at,by\n")
    assert "audit.csv" in file.headers["Content-Disposition"]
    assert parse_qs(urlsplit(fake.seen[-1].target).query)["format"] == ["csv"]


@pytest.mark.parametrize(("status", "slug"), [(403, "forbidden"), (404, "not-found")])
def test_who_may_not_sees_nothing(
    browser: Browser, fake: FakeServices, status: int, slug: str
) -> None:
    fake.answers["GET", API] = problem(status, slug)
    browser.sign_in()
    assert browser.get(HERE).status_code == status
    assert browser.get(f"{HERE}?format=csv").status_code == status


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
