"""The board's appointees and staff on pages: listed, invited, changed, out of use and back."""

from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import json

from tests.support.gateway import BOARD_STAFF, Browser, FakeServices, problem

PAGE = "/board/accounts/appointee"
API = "/api/identity/accounts"
MAIR: dict[str, Any] = {
    "id": "u3",
    "kind": "appointee",
    "email": "mair@moderators.example",
    "first_name": "Mair",
    "last_name": "Ŵyn <i>",
    "language": "cy",
    "address": "1 Heol y Bryn\nCaerdydd",
    "works_at": ["68102"],
    "status": "active",
    "mail_failed_at": None,
}
RUTH = MAIR | {"id": "u4", "kind": "board", "last_name": "Adeyemi", "address": "", "works_at": []}
TYPED = {
    "first_name": "Mair",
    "last_name": "Wyn",
    "email": "mair@moderators.example",
    "language": "cy",
    "address": "1 Heol y Bryn\r\nCaerdydd",
    "works_at": "68102, 68103",
}


def listed(*people: object, total: int = 0, number: int = 1) -> dict[str, Any]:
    return {"accounts": people, "total": total or len(people), "page": number, "rows": 20}


@pytest.fixture
def staff(browser: Browser, fake: FakeServices) -> Browser:
    fake.says("GET", API, listed(MAIR))
    fake.says("GET", f"{API}/u3", MAIR)
    fake.says("GET", f"{API}/u4", RUTH)
    return browser.sign_in(BOARD_STAFF)


def body(fake: FakeServices) -> Any:
    return json.loads(fake.seen[-1].body)


def test_the_board_reaches_them_from_its_centres(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", "/api/marks/centres", {"centres": []})
    fake.says("GET", "/api/identity/centres", {"centres": [], "total": 0})
    page = browser.sign_in(BOARD_STAFF).get("/board").text
    for href in (PAGE, "/board/accounts/board", "/board/audit", "/board/requests"):
        assert f'href="{href}"' in page


def test_the_list_shows_where_samples_go_and_the_own_centres(staff: Browser) -> None:
    raw = staff.get(PAGE).text
    assert "Ŵyn <i>" not in raw
    page = unescape(raw)
    for said in ("Mair Ŵyn <i>", MAIR["address"], "68102", f'href="{PAGE}/u3"', "1 account"):
        assert said in page


@pytest.mark.parametrize("kind", ["appointee", "board"])
def test_each_kind_is_searched_and_paged(staff: Browser, fake: FakeServices, kind: str) -> None:
    fake.says("GET", API, listed(MAIR, total=41, number=2))
    page = unescape(staff.get(f"/board/accounts/{kind}?search=ŵ%26x&page=2").text)
    asked = parse_qs(urlsplit(fake.seen[-1].target).query)
    assert asked == {"rows": ["20"], "page": ["2"], "search": ["ŵ&x"], "kind": [kind]}
    for said in ("Page 2 of 3", 'value="ŵ&x"'):
        assert said in page


@pytest.mark.parametrize(
    ("asked", "said"), [("", "Nobody has been invited yet."), ("?search=x", "Nobody matches.")]
)
def test_an_empty_list_says_whether_anybody_was_looked_for(
    staff: Browser, fake: FakeServices, asked: str, said: str
) -> None:
    fake.says("GET", API, listed())
    assert said in staff.get(PAGE + asked).text


@pytest.mark.parametrize("path", ["/board/accounts/centre", f"{PAGE}/u4", f"{PAGE}/nobody"])
def test_what_is_of_no_such_kind_is_not_there(staff: Browser, path: str) -> None:
    assert staff.get(path).status_code == 404


def test_identity_being_down_is_said(staff: Browser, fake: FakeServices) -> None:
    fake.answers["GET", API] = problem(503, "unavailable")
    page = staff.get(PAGE)
    assert (page.status_code, "not available now" in page.text) == (200, True)


def test_an_appointee_is_invited_with_address_and_own_centres(
    staff: Browser, fake: FakeServices
) -> None:
    fake.says("POST", API, MAIR, 201)
    done = staff.submit(f"{PAGE}/invite", **TYPED)
    assert (done.status_code, done.location) == (303, PAGE)
    sent = {"kind": "appointee", "works_at": ["68102", "68103"], "address": MAIR["address"]}
    assert body(fake) == TYPED | sent
    assert "The invitation to mair@moderators.example is on its way." in staff.get(PAGE).text


def test_board_staff_have_neither(staff: Browser, fake: FakeServices) -> None:
    form = "/board/accounts/board/invite"
    assert "Own centres" not in staff.get(form).text
    fake.says("POST", API, RUTH, 201)
    assert staff.submit(form, **TYPED).location == "/board/accounts/board"
    assert set(body(fake)) == {"kind", "first_name", "last_name", "email", "language"}


@pytest.mark.parametrize(
    ("status", "refusal", "at"),
    [
        (409, {"type": "urn:iamis:problem:email-taken"}, "email"),
        (422, {"errors": [{"pointer": "/works_at", "detail": "x"}]}, "works_at"),
        (422, {"errors": [{"pointer": "/works_at/1", "detail": "x"}]}, "works_at"),
        (422, {"errors": [{"pointer": "/last_name", "detail": "x"}]}, "last_name"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(
    staff: Browser, fake: FakeServices, status: int, refusal: dict[str, Any], at: str
) -> None:
    fake.says("POST", API, {"detail": "It is refused."} | refusal, status)
    page = unescape(staff.submit(f"{PAGE}/invite", **TYPED).text)
    for said in ("It is refused.", f'href="#{at}"', 'value="68102, 68103"', MAIR["address"]):
        assert said in page


AS_IT_WAS = {
    "action": "save",
    "address": "1 Heol y Bryn\r\nCaerdydd",
    "address_was": "1 Heol y Bryn\r\nCaerdydd",
    "works_at": "68102",
    "worked_at": "68102",
}
MOVED = {"address": "2 Stryd\r\nFawr"}


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        (AS_IT_WAS, {}),
        (AS_IT_WAS | MOVED, {"address": "2 Stryd\nFawr"}),
        (AS_IT_WAS | {"works_at": " "}, {"works_at": [], "worked_at": ["68102"]}),
        (
            AS_IT_WAS | MOVED | {"works_at": "68103, 68101"},
            {
                "address": "2 Stryd\nFawr",
                "works_at": ["68103", "68101"],
                "worked_at": ["68102"],
            },
        ),
        ({"action": "deactivate"}, {"status": "deactivated"}),
        ({"action": "reactivate"}, {"status": "active"}),
    ],
    ids=str,
)
def test_each_button_sends_what_was_changed(
    staff: Browser, fake: FakeServices, fields: dict[str, str], sent: object
) -> None:
    fake.says("PATCH", f"{API}/u3", MAIR)
    done = staff.submit(f"{PAGE}/u3", **fields)
    assert (done.status_code, done.location) == (303, PAGE)
    assert body(fake) == sent


def test_a_refusal_is_said_and_the_address_stays(staff: Browser, fake: FakeServices) -> None:
    wrong = {"detail": "Too long.", "errors": [{"pointer": "/address", "detail": "Too long."}]}
    fake.says("PATCH", f"{API}/u3", wrong, 422)
    page = staff.submit(f"{PAGE}/u3", action="save", address="9 Lôn Newydd").text
    for said in ("Too long.", 'href="#address"', "9 Lôn Newydd"):
        assert said in page


@pytest.mark.parametrize("pointer", ["/works_at", "/works_at/1"])
def test_own_centres_that_are_refused_stay_in_their_field(
    staff: Browser, fake: FakeServices, pointer: str
) -> None:
    assert 'value="68102"' in staff.get(f"{PAGE}/u3").text
    wrong = {"detail": "Allocated.", "errors": [{"pointer": pointer, "detail": "Allocated."}]}
    fake.says("PATCH", f"{API}/u3", wrong, 422)
    typed = AS_IT_WAS | {"address": "9 Lôn Newydd", "works_at": "68102,68101"}
    page = unescape(staff.submit(f"{PAGE}/u3", **typed).text)
    for said in ("Allocated.", 'href="#works_at"', 'value="68102, 68101"', ">9 Lôn Newydd<"):
        assert said in page


def test_what_is_refused_is_not_shown_as_done(staff: Browser, fake: FakeServices) -> None:
    fake.says("PATCH", f"{API}/u3", {"detail": "Not now."}, 409)
    page = staff.submit(f"{PAGE}/u3", action="deactivate").text
    assert ("Not now." in page, "Deactivate the account" in page) == (True, True)


@pytest.mark.parametrize("action", ["", "nonsense", "save"])
def test_an_unknown_button_does_nothing(staff: Browser, fake: FakeServices, action: str) -> None:
    assert staff.submit("/board/accounts/board/u4", action=action).status_code == 200
    assert {seen.method for seen in fake.seen} == {"GET"}


def test_what_is_offered_follows_the_status(staff: Browser, fake: FakeServices) -> None:
    assert "Reactivate the account" not in staff.get(f"{PAGE}/u3").text
    fake.says("GET", f"{API}/u3", MAIR | {"status": "deactivated"})
    page = staff.get(f"{PAGE}/u3").text
    assert ("Reactivate the account" in page, "Deactivate the account" in page) == (True, False)


def test_nobody_is_offered_to_deactivate_themselves(staff: Browser, fake: FakeServices) -> None:
    own = BOARD_STAFF["id"]
    fake.says("GET", f"{API}/{own}", RUTH | {"id": own})
    other = staff.get("/board/accounts/board/u4").text
    assert ("Deactivate the account" in other, "own account" in other) == (True, False)
    page = staff.get(f"/board/accounts/board/{own}").text
    assert "Deactivate the account" not in page
    assert "This is your own account: another member of staff can deactivate it." in page
    assert '<a href="/account">Your account</a>' in page


def test_mail_that_did_not_arrive_is_told(staff: Browser, fake: FakeServices) -> None:
    assert "could not be delivered" not in staff.get(f"{PAGE}/u3").text
    fake.says("GET", f"{API}/u3", MAIR | {"mail_failed_at": "2031-05-01T11:00:00Z"})
    assert "could not be delivered (01/05/2031\xa012:00)" in staff.get(f"{PAGE}/u3").text
