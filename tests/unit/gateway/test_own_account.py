"""The pages of one's own account, and of a forgotten password."""

import json

import pytest
from flask import Response

from services.gateway import cookies, device
from tests.support.gateway import (
    APPOINTEE,
    NEWCOMER,
    TEACHER,
    Browser,
    FakeServices,
    problem,
    tokens,
)

PASSWORD = "/api/identity/me/password"
CODES = "/api/identity/me/recovery-codes"
SESSIONS = "/api/identity/me/sessions"
ADDRESS = "/api/identity/me/address"
FORGOTTEN = "/api/identity/password/forgotten"
RESET = "/api/identity/password/reset"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
LISTED = {
    "sessions": [
        {
            "id": identifier,
            "device": "Firefox <b>",
            "address": "192.0.2.7",
            "started_at": "2031-05-01T12:00:00+00:00",
            "seen_at": "2031-05-01T13:00:00+00:00",
            "current": identifier == "s1",
        }
        for identifier in ("s1", "s2")
    ]
}


def _refusal(pointer: str, detail: str) -> Response:
    body = {
        "type": "urn:iamis:problem:unprocessable",
        "detail": detail,
        "errors": [{"pointer": pointer, "detail": detail}],
    }
    return Response(json.dumps(body), 422, content_type="application/problem+json")


def test_the_account_leads_to_all_of_its_pages(browser: Browser) -> None:
    page = browser.sign_in().get("/account").text
    for path in ("/account/password", "/account/recovery-codes", "/account/sessions"):
        assert f'href="{path}"' in page


def test_the_language_is_kept_with_the_account(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("PATCH", "/api/identity/me", TEACHER | {"language": "cy"})
    browser.submit("/language", page="/account", language="cy", next="/account")
    (asked,) = fake.asked("/api/identity/me")
    assert json.loads(asked.body) == {"language": "cy"}
    assert '<html lang="cy">' in browser.get("/account").text


def test_the_language_changes_here_while_identity_is_down(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    fake.answers["PATCH", "/api/identity/me"] = problem(503, "unavailable")
    assert browser.submit("/language", page="/account", language="cy").status_code == 303
    assert '<html lang="cy">' in browser.get("/account").text


def test_a_password_is_changed(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.answers["POST", PASSWORD] = Response(status=204)
    given = {"current_password": "old", "new_password": "new", "again": "new"}
    answer = browser.submit("/account/password", **given)
    assert (answer.status_code, answer.location) == (303, "/account")
    (asked,) = fake.asked(PASSWORD)
    assert json.loads(asked.body) == {"current_password": "old", "new_password": "new"}


def test_a_refused_password_names_the_field(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.answers["POST", PASSWORD] = _refusal("/current_password", "not <yours>")
    given = {"current_password": "old", "new_password": "new", "again": "new"}
    page = browser.submit("/account/password", **given).text
    assert 'href="#current_password">not &lt;yours&gt;' in page
    assert "old" not in page.partition("<form")[2].replace("old-", "")


@pytest.mark.parametrize("path", ["/account/password", "/reset-password"])
def test_the_two_new_passwords_have_to_be_the_same(
    browser: Browser, fake: FakeServices, path: str
) -> None:
    browser.sign_in()
    given = {"current_password": "old", "new_password": "new", "again": "other"}
    assert "not the same" in browser.submit(path, **given).text
    assert fake.asked(PASSWORD) == fake.asked(RESET) == []


def test_recovery_codes_are_counted_made_and_shown(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("GET", CODES, {"left": 1})
    page = browser.get("/account/recovery-codes").text
    assert ("You have 1 code left." in page, "those you have" in page) == (True, True)
    fake.says("GET", CODES, {"left": 0})
    page = browser.get("/account/recovery-codes").text
    assert ("You have no recovery codes:" in page, "those you have" in page) == (True, False)
    fake.says("POST", CODES, {"codes": ["abcd-efgh", "jkmn-pqrs"]})
    page = browser.submit("/account/recovery-codes", password="secret").text
    assert "<code>abcd-efgh</code>" in page
    fake.answers["POST", CODES] = _refusal("/password", "wrong")
    page = browser.submit("/account/recovery-codes", password="secret").text
    assert 'href="#password">wrong' in page


def test_the_count_may_be_missing(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.answers["GET", CODES] = problem(503, "unavailable")
    assert "not available now" in browser.get("/account/recovery-codes").text


def test_sessions_are_listed_and_one_is_ended(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("GET", SESSIONS, LISTED)
    page = browser.get("/account/sessions").text
    assert "Firefox &lt;b&gt;" in page
    assert page.count('name="session"') == 1
    fake.answers["DELETE", f"{SESSIONS}/s2"] = Response(status=204)
    answer = browser.submit("/account/sessions", session="s2")
    assert (answer.status_code, answer.location) == (303, "/account/sessions")
    assert len(fake.asked(f"{SESSIONS}/s2")) == 1


def test_signing_out_everywhere_ends_this_browser_too(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("GET", SESSIONS, LISTED)
    fake.answers["DELETE", SESSIONS] = Response(status=204)
    answer = browser.submit("/account/sessions")
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.client.get_cookie(cookies.SESSION) is None
    assert "signed out everywhere" in browser.get("/").text


def test_a_link_is_asked_for_and_all_are_told_the_same(
    browser: Browser, fake: FakeServices
) -> None:
    fake.says("POST", FORGOTTEN, {"asked": True}, 202)
    page = browser.submit("/forgot-password", email=" ann@example.org ").text
    assert "If there is an account" in page
    assert "ann@example.org" not in page
    (asked,) = fake.asked(FORGOTTEN)
    assert json.loads(asked.body) == {"email": "ann@example.org"}


def test_who_asks_too_often_is_told_when_to_come_back(browser: Browser, fake: FakeServices) -> None:
    fake.answers["POST", FORGOTTEN] = problem(429, "too-many-requests", Retry_After="120")
    assert "2 minutes" in browser.submit("/forgot-password", email="a@b.example").text


def test_a_link_leads_to_a_new_password(browser: Browser, fake: FakeServices) -> None:
    page = browser.get("/reset-password?token=t%22%3E")
    assert 'value="t&#34;&gt;"' in page.text
    assert 'name="referrer" content="no-referrer"' in page.text
    fake.answers["POST", RESET] = Response(status=204)
    answer = browser.submit("/reset-password", token="t1", new_password="new", again="new")
    assert (answer.status_code, answer.location) == (303, "/")
    (asked,) = fake.asked(RESET)
    assert json.loads(asked.body) == {"token": "t1", "new_password": "new"}


def test_an_old_link_leads_to_a_new_one(browser: Browser, fake: FakeServices) -> None:
    fake.answers["POST", RESET] = problem(401, "link-ended")
    page = browser.submit("/reset-password", token="t1", new_password="new", again="new").text
    assert 'href="/forgot-password"' in page
    assert 'name="new_password"' not in page


def test_a_recovery_code_signs_in(browser: Browser, fake: FakeServices) -> None:
    fake.says("POST", "/api/identity/sign-in", {"challenge": "c1", "mfa": "totp"})
    fake.says("POST", "/api/identity/sign-in/recovery", tokens(1))
    browser.submit("/", email="ann@example.org", password="secret")
    assert 'href="/sign-in/recovery"' in browser.get("/sign-in/code").text
    answer = browser.submit("/sign-in/recovery", code="abcd-efgh")
    assert (answer.status_code, answer.location) == (303, "/centres/68101/papers")
    (asked,) = fake.asked("/api/identity/sign-in/recovery")
    assert json.loads(asked.body)["code"] == "abcd-efgh"


def test_a_browser_is_one_device_from_its_first_sign_in(
    browser: Browser, fake: FakeServices
) -> None:
    browser.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    told = []
    for _each in range(2):
        fake.says("POST", "/api/identity/sign-in", {"challenge": "c1", "mfa": "totp"})
        fake.says("POST", "/api/identity/sign-in/totp", tokens(1))
        browser.submit("/sign-out", page="/contact")
        browser.submit("/", email="ann@example.org", password="secret")
        browser.submit("/sign-in/code", code="123456")
        told.append(json.loads(fake.asked("/api/identity/sign-in/totp")[-1].body)["device"])
    assert told[0] == told[1]
    assert told[0]["name"] == "Firefox (Windows)"
    cookie = browser.client.get_cookie(device.COOKIE)
    assert cookie
    assert cookie.http_only


@pytest.mark.parametrize("agent", ["", "x" * 5000, "curl/8"])
def test_an_odd_browser_has_a_name(browser: Browser, agent: str) -> None:
    browser.client.environ_base["HTTP_USER_AGENT"] = agent
    browser.sign_in()
    assert browser.get("/account").status_code == 200


def test_the_first_page_says_whom_to_ask_and_how_to_come_in(browser: Browser) -> None:
    page = browser.get("/").text
    assert 'href="/contact"' in page
    assert 'href="/forgot-password"' in page
    assert "Sign in as an Appointee" in page
    assert page.count("<form") == 3, "the one to sign in, and the switches of scheme and language"
    assert "exams officer" in browser.get("/contact").text


@pytest.mark.parametrize(("who", "shown"), [(TEACHER, True), (APPOINTEE, True), (NEWCOMER, False)])
def test_services_show_marks_to_those_who_may(
    browser: Browser, who: dict[str, object], *, shown: bool
) -> None:
    page = browser.sign_in(who).get("/services").text
    assert ("Internal Assessment Marks/Outcomes</a>" in page) == shown
    assert ("Ask the exams officer of your centre" in page) != shown


def test_a_moderator_keeps_their_postal_address(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(APPOINTEE)
    assert 'href="/account/address"' in browser.get("/account").text
    fake.says("GET", ADDRESS, {"address": "1 High Street <b>\nCardiff"})
    page = browser.get("/account/address").text
    assert "1 High Street &lt;b&gt;\nCardiff</textarea>" in page
    fake.says("PUT", ADDRESS, {"address": "2 High Street\nCardiff"})
    done = browser.submit("/account/address", address="2 High Street\r\nCardiff ")
    assert (done.status_code, done.location) == (303, "/account")
    assert json.loads(fake.seen[-1].body) == {"address": "2 High Street\nCardiff"}
    assert "Your postal address has been changed." in browser.get("/account").text


def test_a_refused_address_stays_typed(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(APPOINTEE)
    fake.answers["PUT", ADDRESS] = _refusal("/address", "Too long.")
    page = browser.submit("/account/address", address="2 High Street").text
    assert ("Too long." in page, "2 High Street</textarea>" in page) == (True, True)


def test_others_have_no_postal_address(browser: Browser, fake: FakeServices) -> None:
    fake.answers["GET", ADDRESS] = problem(403, "forbidden")
    browser.sign_in()
    assert "/account/address" not in browser.get("/account").text
    assert browser.get("/account/address").status_code == 403
