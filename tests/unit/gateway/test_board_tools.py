"""Service accounts on pages: listed, made, their secrets shown once, revoked."""

from html import unescape
from typing import Any

import pytest
from flask import json
from werkzeug.datastructures import MultiDict

from services.identity.domain.scopes import SCOPES
from tests.support.gateway import BOARD_STAFF, Browser, FakeServices, problem

PAGE = "/board/service-accounts"
API = "/api/identity/service-accounts"
TOOL: dict[str, Any] = {
    "client_id": "t1",
    "name": "Marks <reader>",
    "scopes": ["marks:read"],
    "centres": [],
    "created_at": "2031-05-01T12:00:00+00:00",
    "client_secret": None,
}
SECRET = "a-secret-seen-once"
MADE = TOOL | {"client_secret": SECRET}


@pytest.fixture
def staff(browser: Browser, fake: FakeServices) -> Browser:
    fake.says("GET", API, {"service_accounts": [TOOL], "total": 1})
    return browser.sign_in(BOARD_STAFF)


def test_the_list_says_what_each_may(staff: Browser) -> None:
    raw = staff.get(PAGE).text
    assert "<reader>" not in raw
    for said in ("Marks <reader>", "marks:read", "All", "01/05/2031", f'href="{PAGE}/t1"'):
        assert said in unescape(raw)


def test_every_scope_is_offered(staff: Browser) -> None:
    page = staff.get(f"{PAGE}/new").text
    assert [scope for scope in SCOPES if f'value="{scope}"' not in page] == []


def test_the_secret_is_shown_where_it_is_made_and_kept_nowhere(
    staff: Browser, fake: FakeServices
) -> None:
    fake.says("POST", API, MADE, 201)
    fields = MultiDict(
        [
            ("csrf_token", staff.token()),
            ("name", "Marks"),
            ("scopes", "marks:read"),
            ("scopes", "samples:read"),
            ("centres", "68101,\r\n68102"),
        ]
    )
    made = staff.client.post(f"{PAGE}/new", data=fields)
    sent = json.loads(fake.seen[-1].body)
    assert sent == {
        "name": "Marks",
        "scopes": ["marks:read", "samples:read"],
        "centres": ["68101", "68102"],
    }
    assert (made.status_code, SECRET in made.text) == (200, True)
    assert made.headers["Cache-Control"] == "no-store"
    assert SECRET not in staff.get(PAGE).text + staff.get(f"{PAGE}/t1").text


@pytest.mark.parametrize(
    ("pointer", "at"),
    [
        ("/name", "name"),
        ("/scopes", "scopes"),
        ("/centres/0", "centres"),
        ("/centres", "centres"),
    ],
)
def test_a_refusal_is_said_at_its_field(
    staff: Browser, fake: FakeServices, pointer: str, at: str
) -> None:
    wrong = {"detail": "It is wrong.", "errors": [{"pointer": pointer, "detail": "x"}]}
    fake.says("POST", API, wrong, 422)
    fields = {"name": "Marks", "scopes": "reports:read", "centres": "9"}
    page = staff.submit(f"{PAGE}/new", **fields).text
    for said in ("It is wrong.", f'href="#{at}"', 'value="reports:read" checked', ">9</text"):
        assert said in page


def test_a_new_secret_is_shown_once_too(staff: Browser, fake: FakeServices) -> None:
    fake.says("POST", f"{API}/t1/secret", MADE)
    assert SECRET in staff.submit(f"{PAGE}/t1", action="renew").text


def test_one_is_revoked(staff: Browser, fake: FakeServices) -> None:
    fake.says("DELETE", f"{API}/t1", {}, 204)
    done = staff.submit(f"{PAGE}/t1", action="revoke")
    assert (done.status_code, done.location) == (303, PAGE)
    assert (fake.seen[-1].method, fake.seen[-1].target) == ("DELETE", f"{API}/t1")
    assert "Marks <reader> is revoked" in unescape(staff.get(PAGE).text)


@pytest.mark.parametrize("action", ["renew", "revoke"])
def test_what_fails_is_said(staff: Browser, fake: FakeServices, action: str) -> None:
    fake.answers["POST", f"{API}/t1/secret"] = problem(503, "unavailable")
    fake.answers["DELETE", f"{API}/t1"] = problem(503, "unavailable")
    page = staff.submit(f"{PAGE}/t1", action=action)
    assert (page.status_code, "refused: unavailable" in page.text) == (200, True)


def test_an_unknown_button_does_nothing(staff: Browser, fake: FakeServices) -> None:
    assert staff.submit(f"{PAGE}/t1", action="nonsense").status_code == 200
    assert {seen.method for seen in fake.seen} == {"GET"}


def test_what_is_not_there_is_not_found(staff: Browser) -> None:
    assert staff.get(f"{PAGE}/t2").status_code == 404


def test_identity_being_down_is_said(staff: Browser, fake: FakeServices) -> None:
    fake.answers["GET", API] = problem(503, "unavailable")
    page = staff.get(PAGE)
    assert (page.status_code, "not available now" in page.text) == (200, True)
