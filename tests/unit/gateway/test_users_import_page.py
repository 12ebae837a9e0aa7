"""Users from a file: looked at first, then confirmed."""

import re
from html import unescape
from typing import Any

import pytest
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from tests.support.gateway import CENTRE, TEACHER, Browser, FakeServices, problem

LIST = "/centres/68101/users"
PAGE = f"{LIST}/import"
API = "/api/identity/centres/68101/users"
IMPORT = f"{API}/import"
ADMIN = TEACHER | {"role": "admin", "centres": [CENTRE | {"account_type": "admin"}]}
CSV = "first_name,last_name,email\nSiân,<i>,sian@bryn.example\n".encode()
PACKED = re.compile(r'name="packed" value="([^"]+)"')
BEFORE = {
    "account_type": "user",
    "iamis": True,
    "language": "en",
    "status": "active",
    "restrictions": {"qualifications": [], "papers": ["3100U4"], "teaching_sets": []},
}
NAMED = {"line": 2, "email": "sian@bryn.example", "first_name": "Siân", "last_name": "<i>"}
CHANGED = NAMED | {
    "action": "changed",
    "before": BEFORE,
    "after": BEFORE | {"account_type": "admin", "status": "deactivated", "language": "cy"},
}
INVITED = NAMED | {"action": "invited", "before": None, "after": BEFORE | {"status": "invited"}}


@pytest.fixture
def admin(browser: Browser, fake: FakeServices) -> Browser:
    fake.says("GET", API, {"users": [], "total": 0, "page": 1, "rows": 20})
    return browser.sign_in(ADMIN)


def check(browser: Browser, content: bytes = CSV) -> TestResponse:
    fields: list[tuple[str, Any]] = [("csrf_token", browser.token())]
    fields += [("file", ("users.csv", content))]
    body, content_type = encode_multipart_formdata(fields)
    return browser.client.post(PAGE, data=body, content_type=content_type)


def test_the_list_leads_there(admin: Browser) -> None:
    assert f'href="{PAGE}"' in admin.get(LIST).text
    page = admin.get(PAGE).text
    for said in (f'href="{LIST}?format=csv"', 'type="file"', "multipart/form-data"):
        assert said in page


def test_it_shows_what_would_change_then_does_it(admin: Browser, fake: FakeServices) -> None:
    fake.says("POST", IMPORT, {"changes": [CHANGED, INVITED], "unchanged": 3})
    answer = check(admin)
    assert (fake.seen[-1].target, fake.seen[-1].body) == (f"{IMPORT}?dry_run=true", CSV)
    assert "Siân <i>" not in answer.text
    page = " ".join(unescape(answer.text).split())
    for said in (
        'Siân <i>, <span class="email">sian<wbr>@bryn.example</span>',
        "User · IAMIS: On · Active · English · Paper codes: 3100U4",
        "Admin · IAMIS: On · Deactivated · Cymraeg · Paper codes: 3100U4",
        "Not in this centre",
        "<dt>Invited</dt><dd>1</dd>",
        "<dt>As before</dt><dd>3</dd>",
    ):
        assert said in page
    (packed,) = PACKED.findall(answer.text)
    done = admin.submit(PAGE, packed=packed)
    assert (done.status_code, done.location) == (303, LIST)
    assert (fake.seen[-1].target, fake.seen[-1].body) == (IMPORT, CSV)
    assert "Done: 1 invited, 1 changed, 3 as before." in admin.get(LIST).text


def test_a_file_that_changes_nothing_has_nothing_to_confirm(
    admin: Browser, fake: FakeServices
) -> None:
    fake.says("POST", IMPORT, {"changes": [], "unchanged": 3})
    page = check(admin).text
    assert "there is nothing to import" in page
    assert "packed" not in page


def test_every_bad_line_is_listed(admin: Browser, fake: FakeServices) -> None:
    errors = [{"pointer": "/lines/2/email", "detail": "Line 2, email: odd <i>."}]
    fake.says("POST", IMPORT, {"detail": "1 line is wrong.", "errors": errors}, 422)
    page = unescape(check(admin).text)
    for said in ("1 line is wrong.", "Line 2, email: odd <i>.", 'type="file"'):
        assert said in page


@pytest.mark.parametrize(("status", "slug"), [(403, "forbidden"), (404, "not-found")])
def test_who_may_not_sees_nothing(
    browser: Browser, fake: FakeServices, status: int, slug: str
) -> None:
    fake.answers["GET", API] = problem(status, slug)
    browser.sign_in()
    assert browser.get(PAGE).status_code == status
