"""The names of centres on pages: found, added, changed."""

from html import unescape

import pytest
from flask import json

from tests.support.gateway import BOARD_STAFF, Browser, FakeServices, problem

PAGE = "/board/centres"
API = "/api/identity/centres"
AFON = {"centre_no": "68101", "name": "Ysgol Afôn <i>"}
BRYN = {"centre_no": "68202", "name": "Coleg Bryn"}
MISNAMED = {"detail": "Too short.", "errors": [{"pointer": "/name", "detail": "Too short."}]}


@pytest.fixture
def staff(browser: Browser, fake: FakeServices) -> Browser:
    fake.says("GET", API, {"centres": [AFON, BRYN], "total": 2})
    fake.says("GET", f"{API}/68101", AFON)
    return browser.sign_in(BOARD_STAFF)


def test_the_list_has_every_centre(staff: Browser) -> None:
    raw = staff.get(PAGE).text
    assert "Afôn <i>" not in raw
    for said in ("Ysgol Afôn <i>", "68202", f'href="{PAGE}/68101"', "2 centres"):
        assert said in unescape(raw)


@pytest.mark.parametrize("search", ["afon", "YSGOL", "681"])
def test_it_is_searched(staff: Browser, search: str) -> None:
    page = staff.get(f"{PAGE}?search={search}").text
    assert ("68101" in page, "68202" in page) == (True, False)


@pytest.mark.parametrize("number", ["2", "٢"])
def test_it_is_paged(staff: Browser, fake: FakeServices, number: str) -> None:
    many = [{"centre_no": f"{69000 + each}", "name": "Ysgol"} for each in range(101)]
    fake.says("GET", API, {"centres": many, "total": 101})
    page = staff.get(PAGE, query_string={"search": "ysgol", "page": number}).text
    for said in ("101 centres", "Page 2 of 3", "69050", "69099", "page=3"):
        assert said in page
    assert ("69049" in page, "69100" in page) == (False, False)


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 5000, ""])
def test_a_page_that_there_is_not_breaks_nothing(staff: Browser, number: str) -> None:
    assert staff.get(f"{PAGE}?page={number}").status_code == 200


def test_a_centre_is_added(staff: Browser, fake: FakeServices) -> None:
    fake.says("PUT", f"{API}/68303", {"centre_no": "68303", "name": "Penybryn"})
    done = staff.submit(f"{PAGE}/new", centre_no="68303", name=" Penybryn ")
    assert (done.status_code, done.location) == (303, PAGE)
    assert json.loads(fake.seen[-1].body) == {"name": "Penybryn"}


def test_adding_does_not_rename(staff: Browser, fake: FakeServices) -> None:
    page = unescape(staff.submit(f"{PAGE}/new", centre_no="68101", name="Other").text)
    for said in ("This centre is there already: Ysgol Afôn <i>.", 'value="Other"'):
        assert said in page
    assert {seen.method for seen in fake.seen} == {"GET"}


@pytest.mark.parametrize("centre_no", ["", "6810", "6810x", "../x"])
def test_a_number_has_five_digits(staff: Browser, fake: FakeServices, centre_no: str) -> None:
    page = staff.submit(f"{PAGE}/new", centre_no=centre_no, name="Other").text
    assert ("five digits" in page, 'href="#centre_no"' in page) == (True, True)
    assert fake.seen == []


def test_a_bad_name_is_said_at_the_name(staff: Browser, fake: FakeServices) -> None:
    for number, path in (("68303", f"{PAGE}/new"), ("68101", f"{PAGE}/68101")):
        fake.says("PUT", f"{API}/{number}", MISNAMED, 422)
        page = staff.submit(path, centre_no=number, name="").text
        assert ("Too short." in page, 'href="#name"' in page) == (True, True)


def test_a_centre_gets_another_name(staff: Browser, fake: FakeServices) -> None:
    assert 'value="Ysgol Af' in staff.get(f"{PAGE}/68101").text
    fake.says("PUT", f"{API}/68101", AFON | {"name": "Ysgol Newydd"})
    assert staff.submit(f"{PAGE}/68101", name="Ysgol Newydd").location == PAGE
    assert json.loads(fake.seen[-1].body) == {"name": "Ysgol Newydd"}
    assert "The centre is named Ysgol Newydd." in staff.get(PAGE).text


def test_identity_being_down_is_said(staff: Browser, fake: FakeServices) -> None:
    fake.answers["GET", API] = problem(503, "unavailable")
    page = staff.get(PAGE)
    assert (page.status_code, "not available now" in page.text) == (200, True)
    fake.answers["GET", f"{API}/68303"] = problem(503, "unavailable")
    fake.says("GET", API, {"centres": [], "total": 0})
    assert "refused: unavailable" in staff.submit(f"{PAGE}/new", centre_no="68303", name="x").text
