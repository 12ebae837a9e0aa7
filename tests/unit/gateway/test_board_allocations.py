"""The board's allocations on pages: found, made centre by centre, removed; conflicts at a field."""

from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import json

from tests.support.gateway import BOARD_STAFF, Browser, FakeServices, problem

PAGE = "/board/allocations"
NEW = f"{PAGE}/new"
API = "/api/identity/allocations"
PEOPLE = "/api/identity/accounts"
PAPERS = "/api/marks/centres/68101/papers"
ONE: dict[str, Any] = {
    "id": "a1",
    "user_id": "u3",
    "email": "mair@moderators.example",
    "name": "Mair Ŵyn <i>",
    "centre_no": "68101",
    "centre_name": "Ysgol Afon",
    "paper_id": "p1",
    "paper_code": "3160U3-2",
    "paper_title": "GCSE DRAMA UNIT 3",
    "allocated_at": "2031-05-01T12:00:00+00:00",
}
MAIR = {
    "id": "u3",
    "email": "mair@moderators.example",
    "first_name": "Mair",
    "last_name": "Ŵyn",
    "status": "active",
}
GONE = MAIR | {"email": "gone@moderators.example", "status": "deactivated"}
TYPED = {"centre_no": "68101", "paper_id": "p2", "email": "mair@moderators.example"}


def listed(*found: object, total: int = 0) -> dict[str, Any]:
    return {"allocations": found, "total": total or len(found), "page": 1, "rows": 20}


@pytest.fixture
def staff(browser: Browser, fake: FakeServices) -> Browser:
    fake.says("GET", API, listed(ONE))
    fake.says("GET", PEOPLE, {"accounts": [MAIR, GONE], "total": 2, "page": 1, "rows": 2000})
    titles = (("p1", "DRAMA UNIT 2"), ("p2", "DRAMA <UNIT 3>"))
    fake.says("GET", PAPERS, {"papers": [{"id": at, "full_title": said} for at, said in titles]})
    return browser.sign_in(BOARD_STAFF)


def test_the_list_says_who_moderates_what(staff: Browser) -> None:
    raw = staff.get(PAGE).text
    assert "Ŵyn <i>" not in raw
    page = unescape(raw)
    for said in ("68101 Ysgol Afon", "GCSE DRAMA UNIT 3", "Mair Ŵyn <i>", "01/05/2031"):
        assert said in page
    assert f'href="{PAGE}" aria-current="page"' in raw


def test_it_is_searched_and_paged(staff: Browser, fake: FakeServices) -> None:
    fake.says("GET", API, listed(ONE, total=41))
    page = unescape(staff.get(f"{PAGE}?search=68101").text)
    asked = parse_qs(urlsplit(fake.seen[-1].target).query)
    assert asked == {"rows": ["20"], "page": ["1"], "search": ["68101"]}
    for said in ("Page 1 of 3", "search=68101", 'value="68101"', "41 allocations"):
        assert said in page


def test_one_is_removed(staff: Browser, fake: FakeServices) -> None:
    fake.says("DELETE", f"{API}/a1", {}, 204)
    done = staff.submit(PAGE, allocation="a1")
    assert (done.status_code, done.location) == (303, PAGE)
    assert (fake.seen[-1].method, fake.seen[-1].target) == ("DELETE", f"{API}/a1")


@pytest.mark.parametrize("named", ["", "../accounts", "gone"])
def test_what_is_not_there_is_not_removed(staff: Browser, fake: FakeServices, named: str) -> None:
    assert staff.submit(PAGE, allocation=named).status_code in {200, 404}
    assert {seen.target for seen in fake.seen if seen.method == "DELETE"} <= {f"{API}/gone"}


def test_first_the_centre_is_asked_for(staff: Browser, fake: FakeServices) -> None:
    page = staff.get(NEW).text
    assert ('name="centre_no"' in page, 'name="paper_id"' in page) == (True, False)
    assert fake.asked(PAPERS) == []


@pytest.mark.parametrize("centre_no", ["6810", "68101/../x", "٦٨١٠١"])
def test_what_is_no_number_of_a_centre_is_said(staff: Browser, centre_no: str) -> None:
    page = staff.get(NEW, query_string={"centre_no": centre_no})
    assert (page.status_code, "five digits" in page.text) == (200, True)


def test_then_its_papers_and_the_appointees_are_offered(staff: Browser) -> None:
    page = unescape(staff.get(f"{NEW}?centre_no=68101").text)
    for said in ('value="p1"', "DRAMA <UNIT 3>", "Ŵyn, Mair: mair@moderators.example"):
        assert said in page
    assert GONE["email"] not in page


def test_a_centre_that_has_no_papers_says_so(staff: Browser, fake: FakeServices) -> None:
    fake.answers["GET", PAPERS] = problem(404, "not-found")
    assert "This centre has no papers." in staff.get(f"{NEW}?centre_no=68101").text


def test_a_moderator_is_allocated(staff: Browser, fake: FakeServices) -> None:
    fake.says("POST", API, ONE, 201)
    done = staff.submit(NEW, **TYPED)
    assert (done.status_code, done.location) == (303, f"{PAGE}?search=68101")
    assert json.loads(fake.seen[-1].body) == TYPED
    assert "Mair Ŵyn <i> moderates this paper now." in unescape(staff.get(PAGE).text)


@pytest.mark.parametrize("field", ["email", "paper_id", "centre_no"])
def test_a_conflict_is_said_at_its_field(staff: Browser, fake: FakeServices, field: str) -> None:
    said = "Nobody moderates that."
    wrong = {"detail": said, "errors": [{"pointer": f"/{field}", "detail": said}]}
    fake.says("POST", API, wrong, 422)
    page = staff.submit(NEW, **TYPED)
    assert (page.status_code, said in page.text, f'href="#{field}"' in page.text) == (
        200,
        True,
        True,
    )
    assert '<option value="p2" selected>' in page.text


@pytest.mark.parametrize(
    ("path", "down"),
    [(PAGE, API), (f"{NEW}?centre_no=68101", PAPERS), (f"{NEW}?centre_no=68101", PEOPLE)],
)
def test_what_is_down_is_said(staff: Browser, fake: FakeServices, path: str, down: str) -> None:
    fake.answers["GET", down] = problem(503, "unavailable")
    page = staff.get(path)
    assert (page.status_code, "not available now" in page.text) == (200, True)
