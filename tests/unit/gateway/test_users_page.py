"""Manage Users: the list, inviting, and managing the access of one person."""

from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Response, json

from tests.support.gateway import CENTRE, TEACHER, Browser, FakeServices, problem
from tests.support.sheet_answers import keys_of

PAGE = "/centres/68101/users"
API = "/api/identity/centres/68101/users"
INVITATIONS = "/api/identity/centres/68101/invitations"
ADMIN = TEACHER | {"role": "admin", "centres": [CENTRE | {"account_type": "admin"}]}
UNRESTRICTED: dict[str, list[str]] = {"qualifications": [], "papers": [], "teaching_sets": []}
DEWI = {
    "id": "u2",
    "email": "dewi@bryn.example",
    "first_name": "Dewi",
    "last_name": "Ábel <i>",
    "account_type": "user",
    "iamis": False,
    "language": "cy",
    "status": "active",
    "restrictions": UNRESTRICTED,
    "mail_failed_at": None,
}
TYPED = {
    "first_name": "Siân",
    "last_name": "Wyn",
    "email": "sian@bryn.example",
    "language": "cy",
    "account_type": "user",
}


def listed(*users: object, total: int = 0, number: int = 1) -> dict[str, Any]:
    return {"users": users, "total": total or len(users), "page": number, "rows": 20}


@pytest.fixture
def admin(browser: Browser, fake: FakeServices) -> Browser:
    fake.says("GET", API, listed(DEWI))
    fake.says("GET", f"{API}/u2", DEWI)
    return browser.sign_in(ADMIN)


def body(fake: FakeServices) -> Any:
    return json.loads(fake.seen[-1].body)


def test_admins_reach_it_by_their_menu(browser: Browser) -> None:
    link = f'<a href="{PAGE}">Manage Users</a>'
    assert link in browser.sign_in(ADMIN).get("/guide").text


def test_teachers_have_no_such_link(browser: Browser) -> None:
    assert "Manage Users" not in browser.sign_in().get("/guide").text


def test_the_list_shows_everybody(admin: Browser) -> None:
    raw = admin.get(PAGE).text
    assert "Ábel <i>" not in raw
    page = unescape(raw)
    for said in ("Dewi Ábel <i>", "dewi<wbr>@bryn.example", f'href="{PAGE}/u2"', "1 account"):
        assert said in page


def test_it_is_searched_and_paged(admin: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, listed(DEWI, total=41, number=2))
    page = unescape(admin.get(f"{PAGE}?search=ŵ%26x&page=2").text)
    asked = parse_qs(urlsplit(fake.seen[-1].target).query)
    assert asked == {"rows": ["20"], "page": ["2"], "search": ["ŵ&x"]}
    for said in ("Page 2 of 3", "page=1", "page=3", 'value="ŵ&x"'):
        assert said in page


def test_who_matches_is_a_file_too(admin: Browser, fake: FakeServices) -> None:
    assert f'href="{PAGE}?search=dewi&format=csv"' in unescape(
        admin.get(f"{PAGE}?search=dewi").text
    )
    fake.answers["GET", API] = Response(b"first_name\n", content_type="text/csv")
    file = admin.get(f"{PAGE}?search=dewi&format=csv")
    assert (file.mimetype, file.data) == ("text/csv", b"first_name\n")
    assert "users.csv" in file.headers["Content-Disposition"]
    asked = parse_qs(urlsplit(fake.seen[-1].target).query)
    assert asked == {"search": ["dewi"], "format": ["csv"]}


@pytest.mark.parametrize(("status", "slug"), [(403, "forbidden"), (404, "not-found")])
def test_who_may_not_sees_nothing(
    browser: Browser, fake: FakeServices, status: int, slug: str
) -> None:
    fake.answers["GET", API] = problem(status, slug)
    browser.sign_in()
    assert browser.get(PAGE).status_code == status
    assert browser.get(f"{PAGE}/invite").status_code == status


def test_identity_being_down_is_said(admin: Browser, fake: FakeServices) -> None:
    fake.answers["GET", API] = problem(503, "unavailable")
    page = admin.get(PAGE)
    assert (page.status_code, "not available now" in page.text) == (200, True)


def test_an_invitation_is_sent(admin: Browser, fake: FakeServices) -> None:
    form = admin.get(f"{PAGE}/invite").text
    for said in ("restrictions available", "examination office teams", "temporary password"):
        assert said in form
    fake.says("POST", INVITATIONS, DEWI, 201)
    done = admin.submit(f"{PAGE}/invite", **TYPED)
    assert (done.status_code, done.location) == (303, PAGE)
    assert body(fake) == TYPED
    assert "The invitation to sian@bryn.example is on its way." in admin.get(PAGE).text


def test_an_invitation_sent_twice_is_one(admin: Browser, fake: FakeServices) -> None:
    assert 'name="once" value="' in admin.get(f"{PAGE}/invite").text
    fake.says("POST", INVITATIONS, DEWI, 201)
    for changes in ({}, {}, {"email": "other@bryn.example"}):
        admin.submit(f"{PAGE}/invite", **TYPED | {"once": "k1"} | changes)
    first, second, other = keys_of(fake, INVITATIONS)
    assert first == second != other


def test_what_was_typed_stays_when_it_is_refused(admin: Browser, fake: FakeServices) -> None:
    taken = {"type": "urn:iamis:problem:email-taken", "detail": "There is an account."}
    fake.says("POST", INVITATIONS, taken, 409)
    page = unescape(admin.submit(f"{PAGE}/invite", **TYPED).text)
    for said in ("There is an account.", 'href="#email"', 'value="Siân"', "selected"):
        assert said in page
    wrong = {"detail": "x", "errors": [{"pointer": "/last_name", "detail": "This is required."}]}
    fake.says("POST", INVITATIONS, wrong, 422)
    assert 'href="#last_name"' in admin.submit(f"{PAGE}/invite", **TYPED).text


@pytest.mark.parametrize(
    ("fields", "method", "path", "sent"),
    [
        (
            {
                "action": "access",
                "account_type": "user",
                "iamis": "on",
                "qualifications": "GCSE, APPLIED LEVEL 3,",
                "teaching_sets": '10A, "Mr Smith, 10B"\n10C',
            },
            "PATCH",
            "",
            {
                "account_type": "user",
                "iamis": True,
                "restrictions": {
                    "qualifications": ["GCSE", "APPLIED LEVEL 3"],
                    "papers": [],
                    "teaching_sets": ["10A", "Mr Smith, 10B", "10C"],
                },
            },
        ),
        (
            {"action": "access", "account_type": "user"},
            "PATCH",
            "",
            {"account_type": "user", "iamis": False, "restrictions": UNRESTRICTED},
        ),
        ({"action": "access", "account_type": "admin"}, "PATCH", "", {"account_type": "admin"}),
        ({"action": "deactivate"}, "PATCH", "", {"status": "deactivated"}),
        ({"action": "reactivate"}, "PATCH", "", {"status": "active"}),
        ({"action": "resend"}, "POST", "/invitation", None),
        ({"action": "revoke"}, "DELETE", "/invitation", None),
        ({"action": "second-factor"}, "DELETE", "/second-factor", None),
    ],
    ids=str,
)
def test_each_button_does_one_thing(
    admin: Browser,
    fake: FakeServices,
    fields: dict[str, str],
    method: str,
    path: str,
    sent: object,
) -> None:
    fake.says(method, f"{API}/u2{path}", DEWI)
    done = admin.submit(f"{PAGE}/u2", **fields)
    assert (done.status_code, done.location) == (303, PAGE)
    assert (fake.seen[-1].method, fake.seen[-1].target) == (method, f"{API}/u2{path}")
    if sent is not None:
        assert body(fake) == sent


def test_a_refusal_is_said_on_the_page(admin: Browser, fake: FakeServices) -> None:
    fake.says("PATCH", f"{API}/u2", {"detail": "This is the last admin."}, 409)
    page = admin.submit(f"{PAGE}/u2", action="deactivate")
    assert (page.status_code, "This is the last admin." in page.text) == (200, True)


@pytest.mark.parametrize("action", ["", "nonsense"])
def test_an_unknown_button_does_nothing(admin: Browser, fake: FakeServices, action: str) -> None:
    assert admin.submit(f"{PAGE}/u2", action=action).status_code == 200
    assert {seen.method for seen in fake.seen} == {"GET"}


@pytest.mark.parametrize(
    ("status", "offered", "missing"),
    [
        ("invited", "Send the invitation again", "Reset the authenticator app"),
        ("active", "Deactivate the account", "Send the invitation again"),
        ("deactivated", "Reactivate the account", "Confirm access permissions"),
    ],
)
def test_what_is_offered_follows_the_status(
    admin: Browser, fake: FakeServices, status: str, offered: str, missing: str
) -> None:
    fake.says("GET", f"{API}/u2", DEWI | {"status": status})
    page = admin.get(f"{PAGE}/u2").text
    assert (offered in page, missing in page) == (True, False)


@pytest.mark.parametrize(("failed_at", "said"), [("2031-05-01T11:00:00Z", 1), (None, 0)])
def test_mail_that_did_not_arrive_is_told(
    browser: Browser, fake: FakeServices, failed_at: str | None, said: int
) -> None:
    fake.says("GET", f"{API}/u2", DEWI | {"mail_failed_at": failed_at})
    page = browser.sign_in(ADMIN).get(f"{PAGE}/u2").text
    assert page.count("could not be delivered (01/05/2031\N{NO-BREAK SPACE}12:00)") == said
