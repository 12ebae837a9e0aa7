"""Signing in through the forms, step by step, and out again."""

import json
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from services.gateway import commands, cookies, queries
from services.gateway.models import BrowserSession
from services.gateway.signing_in import local_path
from shared.settings import settings
from tests.support.gateway import (
    APPOINTEE,
    BOARD_STAFF,
    NEWCOMER,
    TEACHER,
    Browser,
    FakeServices,
    problem,
    tokens,
)
from tests.support.service import ServiceUnderTest, rows_of

SIGN_IN = "/api/identity/sign-in"
TOTP = f"{SIGN_IN}/totp"
PASSWORD = f"{SIGN_IN}/password"
ENROL = {
    "challenge": "c1",
    "mfa": "enrol",
    "enrol": {"secret": "ABCD2345", "otpauth_uri": "otpauth://totp/IAMIS:a?secret=ABCD2345"},
}


def sent(fake: FakeServices, path: str) -> object:
    return json.loads(fake.asked(path)[-1].body)


def begin(browser: Browser, page: str = "/") -> TestResponse:
    return browser.submit("/", page=page, email=" ann@example.org ", password=" spaced ")


def test_the_first_page_has_one_form_for_email_and_password(browser: Browser) -> None:
    page = browser.get("/").text
    form = page[page.index("<form") : page.index("</form>")]
    assert 'type="email"' in form
    assert 'type="password"' in form
    assert page.count('type="password"') == 1


def test_password_then_code_then_the_menu(browser: Browser, fake: FakeServices) -> None:
    fake.says("POST", SIGN_IN, {"challenge": "c1", "mfa": "totp"})
    assert begin(browser).location == "/sign-in/code"
    assert sent(fake, SIGN_IN) == {"email": "ann@example.org", "password": " spaced "}
    assert 'autocomplete="one-time-code"' in browser.get("/sign-in/code").text
    fake.says("POST", TOTP, tokens(1))
    done = browser.submit("/sign-in/code", code="123 456")
    body = json.loads(fake.asked(TOTP)[0].body)
    assert set(body.pop("device")) == {"id", "name"}
    assert body == {"challenge": "c1", "code": "123456"}
    assert done.location == "/centres/68101/papers"
    assert browser.get("/").location == "/centres/68101/papers"


@pytest.mark.parametrize(
    ("user", "home"),
    [
        (TEACHER, "/centres/68101/papers"),
        (NEWCOMER, "/no-access"),
        (BOARD_STAFF, "/board"),
        (APPOINTEE, "/allocations"),
    ],
)
def test_everybody_comes_to_their_own_work(browser: Browser, user: object, home: str) -> None:
    browser.sign_in(user)
    assert browser.get("/").location == home
    assert browser.get("/marks").location == home


def test_they_come_back_to_where_they_wanted_to_go(browser: Browser, fake: FakeServices) -> None:
    there = "/centres/68101/papers/p/marksheet?show=unmarked&rows=50"
    asked = browser.get("/services?a=1&b=2")
    assert asked.location == "/?next=/services%3Fa%3D1%26b%3D2"
    fake.says("POST", SIGN_IN, {"challenge": "c1", "mfa": "totp"})
    fake.says("POST", TOTP, tokens(1))
    fields = {"email": "a@example.org", "password": "b", "next": there}
    browser.submit("/", **fields)
    assert browser.submit("/sign-in/code", code="1").location == there


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        ("/services?a=1", "/services?a=1"),
        ("/", "/"),
        ("//evil.example/x", ""),
        ("/\\evil.example", ""),
        ("/a\\b", ""),
        ("https://evil.example", ""),
        ("javascript:alert(1)", ""),
        ("/a\nb", ""),
        ("/\tx", ""),
        ("/api/identity/me", ""),
        ("", ""),
    ],
)
def test_only_pages_of_ours_are_come_back_to(wanted: str, taken: str) -> None:
    assert local_path(wanted) == taken


def test_a_wrong_password_keeps_the_address_and_says_why(
    browser: Browser, fake: FakeServices
) -> None:
    fake.answers["POST", SIGN_IN] = problem(401, "wrong-credentials")
    page = browser.submit("/", email='x@example.org"><b>', password="b")
    assert page.status_code == 200
    assert "refused: wrong-credentials" in page.text
    assert 'value="x@example.org&#34;&gt;&lt;b&gt;"' in page.text
    assert "WWW-Authenticate" not in page.headers


@pytest.mark.parametrize(
    ("seconds", "said"),
    [("30", "Try again in 30 seconds."), ("61", "Try again in 2 minutes.")],
)
def test_too_many_tries_are_told_when_to_try_again(
    browser: Browser, fake: FakeServices, seconds: str, said: str
) -> None:
    fake.answers["POST", SIGN_IN] = problem(429, "too-many-requests", Retry_After=seconds)
    assert said in begin(browser).text


def test_a_wrong_code_may_be_corrected(browser: Browser, fake: FakeServices) -> None:
    fake.says("POST", SIGN_IN, {"challenge": "c1", "mfa": "totp"})
    begin(browser)
    fake.answers["POST", TOTP] = problem(401, "wrong-code")
    assert "refused: wrong-code" in browser.submit("/sign-in/code", code="1").text
    fake.says("POST", TOTP, tokens(1))
    assert browser.submit("/sign-in/code", code="2").status_code == 303


def test_a_challenge_that_is_over_leads_back_to_the_start(
    browser: Browser, fake: FakeServices
) -> None:
    fake.says("POST", SIGN_IN, {"challenge": "c1", "mfa": "totp"})
    begin(browser)
    fake.answers["POST", TOTP] = problem(401, "challenge-ended")
    assert browser.submit("/sign-in/code", code="1").location == "/"
    assert "Please sign in again" in browser.get("/").text


@pytest.mark.parametrize("step", ["code", "authenticator", "password"])
def test_a_step_without_a_sign_in_leads_to_the_start(browser: Browser, step: str) -> None:
    assert browser.get(f"/sign-in/{step}").location == "/"


def test_the_authenticator_is_set_up_with_a_picture_and_a_secret(
    browser: Browser, fake: FakeServices
) -> None:
    fake.says("POST", SIGN_IN, ENROL)
    assert begin(browser).location == "/sign-in/authenticator"
    page = browser.get("/sign-in/authenticator").text
    assert 'src="data:image/svg+xml' in page
    assert "ABCD2345" in page
    fake.says("POST", TOTP, tokens(1))
    assert browser.submit("/sign-in/authenticator", code="1").status_code == 303


def test_a_temporary_password_is_replaced_first(browser: Browser, fake: FakeServices) -> None:
    fake.says("POST", SIGN_IN, {"challenge": "c1", "mfa": "enrol", "password_change": True})
    assert begin(browser).location == "/sign-in/password"
    page = browser.submit("/sign-in/password", new_password="new one", again="another")
    assert "not the same" in page.text
    fake.answers["POST", PASSWORD] = problem(422, "unprocessable")
    page = browser.submit("/sign-in/password", new_password="short", again="short")
    assert "refused: unprocessable" in page.text
    fake.says("POST", PASSWORD, ENROL)
    done = browser.submit("/sign-in/password", new_password="long enough", again="long enough")
    assert done.location == "/sign-in/authenticator"
    assert sent(fake, PASSWORD) == {"challenge": "c1", "new_password": "long enough"}


def test_identity_down_is_said_in_the_form(browser: Browser, fake: FakeServices) -> None:
    fake.answers["POST", SIGN_IN] = problem(503, "unavailable")
    page = begin(browser)
    assert page.status_code == 200
    assert "refused: unavailable" in page.text


@pytest.mark.parametrize("path", ["/", "/sign-in/code", "/sign-out", "/language"])
def test_a_form_without_its_token_is_refused_as_a_page(browser: Browser, path: str) -> None:
    answer = browser.client.post(path, data={"email": "a"})
    assert answer.status_code == 403
    assert answer.content_type.startswith("text/html")


def test_the_cookies_are_out_of_reach_of_scripts(browser: Browser) -> None:
    browser.sign_in()
    browser.get("/services")
    for name in (cookies.SESSION, cookies.FORM):
        cookie = browser.client.get_cookie(name)
        assert cookie is not None
        assert (cookie.http_only, cookie.same_site) == (True, "Lax")
        assert cookie.secure is settings().cookie_secure


def test_the_database_holds_neither_cookie_nor_token(
    gateway: ServiceUnderTest, browser: Browser
) -> None:
    browser.sign_in()
    cookie = browser.client.get_cookie(cookies.SESSION)
    assert cookie is not None
    with gateway.database.reading() as session:
        (row,) = rows_of(session, BrowserSession)
        kept = (row.key, row.access_token, row.refresh_token)
    assert not any(
        secret in text for text in kept for secret in (cookie.value, "access-", "refresh-")
    )


def test_signing_in_changes_the_form_token_and_ends_the_session_before(
    gateway: ServiceUnderTest, browser: Browser, fake: FakeServices
) -> None:
    before = browser.token("/")
    browser.sign_in()
    assert browser.client.post("/sign-out", data={"csrf_token": before}).status_code == 403
    first = browser.client.get_cookie(cookies.SESSION)
    fake.says("POST", SIGN_IN, {"challenge": "c1", "mfa": "totp"})
    begin(browser, page="/services")
    browser.submit("/sign-in/code", code="1")
    assert browser.client.get_cookie(cookies.SESSION) != first
    with gateway.database.reading() as session:
        assert len(rows_of(session, BrowserSession)) == 1


def test_signing_out_ends_session_and_family(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    cookie = browser.client.get_cookie(cookies.SESSION)
    assert cookie is not None
    assert browser.submit("/sign-out", page="/services").location == "/"
    (seen,) = fake.asked("/api/identity/sign-out")
    assert json.loads(seen.body) == {"refresh_token": "refresh-1"}
    browser.client.set_cookie(cookies.SESSION, cookie.value)
    assert browser.get("/services").location == "/?next=/services"
    assert "Your session has ended" in browser.get("/").text


@pytest.mark.parametrize("longest", [queries.IDLE, commands.LONGEST])
def test_a_session_ends_when_left_alone_and_at_last_in_any_case(
    gateway: ServiceUnderTest, browser: Browser, longest: timedelta
) -> None:
    browser.sign_in()
    assert browser.get("/services").status_code == 200
    with gateway.transaction() as session:
        (row,) = rows_of(session, BrowserSession)
        if longest == queries.IDLE:
            row.seen_at -= longest
        else:
            row.ends_at -= longest
    assert browser.get("/services").status_code == 303


def test_being_there_keeps_the_session(gateway: ServiceUnderTest, browser: Browser) -> None:
    browser.sign_in()
    with gateway.transaction() as session:
        (row,) = rows_of(session, BrowserSession)
        row.seen_at -= queries.IDLE / 2
        left_at = row.seen_at
    browser.get("/services")
    with gateway.database.reading() as session:
        (row,) = rows_of(session, BrowserSession)
        assert row.seen_at > left_at
