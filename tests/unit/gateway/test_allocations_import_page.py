"""Allocations from a file: looked at first, then confirmed."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Response
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from tests.support.gateway import BOARD_STAFF, Browser, FakeServices

LIST = "/board/allocations"
PAGE = f"{LIST}/import"
API = "/api/identity/allocations"
IMPORT = f"{API}/import"
CSV = b"email,centre_no,series,paper_code,action\n"
PACKED = re.compile(r'name="packed" value="([^"]+)"')
CHANGE = {
    "line": 2,
    "email": "mair@home.example",
    "name": "Mair <i>",
    "centre_no": "68101",
    "paper_id": "p1",
    "paper_title": "GCSE DRAMA UNIT 3",
    "action": "allocated",
}


@pytest.fixture
def staff(browser: Browser, fake: FakeServices) -> Browser:
    fake.says("GET", API, {"allocations": [], "total": 0, "page": 1, "rows": 20})
    return browser.sign_in(BOARD_STAFF)


def check(browser: Browser) -> TestResponse:
    fields: list[tuple[str, Any]] = [("csrf_token", browser.token())]
    fields += [("file", ("allocations.csv", CSV))]
    body, content_type = encode_multipart_formdata(fields)
    return browser.client.post(PAGE, data=body, content_type=content_type)


def test_the_list_leads_there_and_is_a_file(staff: Browser, fake: FakeServices) -> None:
    assert f'href="{PAGE}"' in staff.get(LIST).text
    assert f'href="{LIST}?format=csv"' in staff.get(PAGE).text
    fake.answers["GET", API] = Response(CSV, content_type="text/csv")
    file = staff.get(f"{LIST}?search=681&format=csv")
    assert (file.mimetype, file.data) == ("text/csv", CSV)
    assert fake.seen[-1].target == f"{API}?format=csv&search=681"


def test_it_shows_what_would_change_then_does_it(staff: Browser, fake: FakeServices) -> None:
    removed = CHANGE | {"action": "removed", "centre_no": "68102"}
    fake.says("POST", IMPORT, {"changes": [CHANGE, removed], "unchanged": 3})
    answer = check(staff)
    assert (fake.seen[-1].target, fake.seen[-1].body) == (f"{IMPORT}?dry_run=true", CSV)
    assert "Mair <i>" not in answer.text
    page = unescape(answer.text)
    email = '<span class="email">mair<wbr>@home.example</span>'
    for said in (f"Mair <i>, {email}", "<dt>Removed</dt><dd>1</dd>", ">68102<"):
        assert said in page
    (packed,) = PACKED.findall(answer.text)
    done = staff.submit(PAGE, packed=packed)
    assert (done.status_code, done.location) == (303, LIST)
    assert (fake.seen[-1].target, fake.seen[-1].body) == (IMPORT, CSV)
    assert "Done: 1 allocated, 1 removed, 3 as before." in staff.get(LIST).text


def test_a_file_that_changes_nothing_has_nothing_to_confirm(
    staff: Browser, fake: FakeServices
) -> None:
    fake.says("POST", IMPORT, {"changes": [], "unchanged": 3})
    page = check(staff).text
    assert ("there is nothing to import" in page, "packed" in page) == (True, False)


def test_every_bad_line_is_listed(staff: Browser, fake: FakeServices) -> None:
    errors = [{"pointer": "/lines/2/email", "detail": "Line 2, email: a centre of their own."}]
    fake.says("POST", IMPORT, {"detail": "1 line is wrong.", "errors": errors}, 422)
    page = unescape(check(staff).text)
    for said in ("1 line is wrong.", "Line 2, email: a centre of their own.", 'type="file"'):
        assert said in page
