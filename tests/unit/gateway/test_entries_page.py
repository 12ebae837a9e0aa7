"""The board's import of entries: looked at first, then confirmed."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from services.gateway.packed import pack, unpack
from shared.errors import BadRequestError
from tests.support.gateway import BOARD_STAFF, TEACHER, Browser, FakeServices, problem

HERE = "/board/entries"
IMPORTS = "/api/marks/imports/entries"
CSV = "series,qualification\nJUNE 2031,GCSE Siân\n".encode() * 20_000
COUNTS = {"added": 2, "changed": 1, "withdrawn": 0, "unchanged": 7}
NOTHING = {"added": 0, "changed": 0, "withdrawn": 0, "unchanged": 7}
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')
PACKED = re.compile(r'name="packed" value="([^"]+)"')


def check(browser: Browser, content: bytes = CSV) -> TestResponse:
    fields: list[tuple[str, str | tuple[str, bytes]]] = [("csrf_token", browser.token())]
    fields += [("file", ("entries.csv", content))]
    body, content_type = encode_multipart_formdata(fields)
    return browser.client.post(HERE, data=body, content_type=content_type)


def test_the_board_finds_the_form_on_its_page(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", "/api/marks/centres", {"centres": []})
    fake.says("GET", "/api/identity/centres", {"centres": [], "total": 0})
    page = browser.sign_in(BOARD_STAFF).get("/board").text
    assert f'action="{HERE}"' in page
    assert 'type="file"' in page
    assert 'type="file"' in browser.get(HERE).text


def test_a_file_is_checked_then_imported_as_it_was(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(BOARD_STAFF)
    fake.says("POST", IMPORTS, COUNTS)
    page = check(browser)
    assert page.status_code == 200
    assert fake.seen[-1].target == f"{IMPORTS}?file_name=entries.csv&dry_run=true"
    assert fake.seen[-1].body == CSV
    assert fake.seen[-1].headers["Content-Type"] == "text/csv"
    assert "<dt>Added</dt><dd>2</dd>" in page.text

    (packed,) = PACKED.findall(page.text)
    done = browser.submit(HERE, packed=packed, file_name="entries.csv")
    assert (done.status_code, done.location) == (303, "/board")
    assert fake.seen[-1].target == f"{IMPORTS}?file_name=entries.csv"
    assert fake.seen[-1].body == CSV
    said = "Imported: 2 added, 1 changed, 0 withdrawn, 7 as before."
    assert said in browser.get("/guide").text


def test_a_file_out_of_sequence_is_imported_all_the_same(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in(BOARD_STAFF)
    fake.says("POST", IMPORTS, COUNTS | {"warnings": ["E68101WJ.X01 was loaded before."]})
    page = check(browser).text
    for said in ("E68101WJ.X01 was loaded before.", "Import them all the same"):
        assert said in page
    sent = HIDDEN.findall(page)
    assert {("file_name", "entries.csv"), ("any_sequence", "true")} <= set(sent)


def test_a_file_that_changes_nothing_needs_no_import(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(BOARD_STAFF)
    fake.says("POST", IMPORTS, NOTHING)
    page = check(browser).text
    assert "there is nothing to import" in page
    assert "packed" not in page


def test_every_bad_line_is_listed(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(BOARD_STAFF)
    errors = [
        {"pointer": "/lines/2", "detail": "Line 2: too short <i>."},
        {"pointer": "/lines/2", "detail": "Line 2: odd."},
    ]
    fake.says("POST", IMPORTS, {"detail": "1 line is wrong.", "errors": errors}, 422)
    answer = check(browser)
    assert answer.status_code == 200
    assert "<i>" not in answer.text
    page = unescape(answer.text)
    for said in ("1 line is wrong.", "Line 2: too short <i>.", "Line 2: odd.", 'type="file"'):
        assert said in page


def test_marks_being_down_is_said(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(BOARD_STAFF)
    fake.answers["POST", IMPORTS] = problem(503, "unavailable")
    answer = check(browser)
    assert (answer.status_code, "refused: unavailable" in answer.text) == (200, True)


def test_no_file_is_said_beside_the_form(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(BOARD_STAFF)
    answer = check(browser, b"")
    assert (answer.status_code, "Choose a file first." in answer.text) == (200, True)
    assert fake.asked(IMPORTS) == []


@pytest.mark.parametrize("packed", ["?", "QUJD", pack(b"a,b")[:-4]])
def test_a_file_that_did_not_come_back_whole_is_refused(
    browser: Browser, fake: FakeServices, packed: str
) -> None:
    browser.sign_in(BOARD_STAFF)
    assert browser.submit(HERE, packed=packed).status_code == 400
    assert fake.asked(IMPORTS) == []


def test_only_the_board_imports(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(TEACHER)
    assert browser.get(HERE).status_code == 403
    assert check(browser).status_code == 403
    assert fake.asked(IMPORTS) == []


@given(st.binary(max_size=200))
def test_what_is_packed_comes_back(content: bytes) -> None:
    assert unpack(pack(content), 200) == content


def test_no_more_is_unpacked_than_is_allowed() -> None:
    with pytest.raises(BadRequestError):
        unpack(pack(b"0" * 10_000_000), 1000)
