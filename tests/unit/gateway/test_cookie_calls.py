"""`/api` with a browser's cookie: the form token, the attached token, and its renewal."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask, Response, json, request

from services.gateway import cookies
from tests.support.gateway import TEACHER, Browser, FakeServices, problem, tokens
from tests.support.service import ServiceUnderTest

REFRESH = "/api/identity/token/refresh"
MARK = "/api/marks/centres/68101/papers/p/candidates/1001"
LARGE = 3_000_000


def answer_only(token: str, otherwise: Callable[[], Response]) -> Callable[[], Response]:
    """A view for one token; others are told what `otherwise` says."""

    def answer() -> Response:
        request.get_data()
        if request.headers.get("Authorization") == f"Bearer {token}":
            return Response(json.dumps({"token": token}), content_type="application/json")
        return otherwise()

    return answer


def bearers(fake: FakeServices, path: str) -> list[str | None]:
    return [seen.headers.get("Authorization") for seen in fake.asked(path)]


def test_the_token_of_the_session_is_attached_and_the_cookie_stays(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    fake.says("GET", MARK, {})
    browser.get(MARK, headers={"Accept-Language": "de"})
    (seen,) = fake.asked(MARK)
    assert seen.headers["Authorization"] == "Bearer access-1"
    assert seen.headers["Accept-Language"] == "en"
    assert "Cookie" not in seen.headers


def test_a_bearer_header_goes_before_the_cookie_and_needs_no_form_token(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    fake.says("PUT", MARK, {})
    answer = browser.client.put(MARK, json={}, headers={"Authorization": "Bearer mine"})
    assert answer.status_code == 200
    assert bearers(fake, MARK) == ["Bearer mine"]


def test_without_token_or_cookie_the_service_decides(browser: Browser, fake: FakeServices) -> None:
    fake.answers["PUT", MARK] = problem(401, "unauthenticated")
    assert browser.client.put(MARK, json={}).status_code == 401
    assert bearers(fake, MARK) == [None]


@pytest.mark.parametrize("status", [200, 401])
def test_an_answer_that_breaks_off_at_once_is_a_service_not_available(
    browser: Browser, fake: FakeServices, status: int
) -> None:
    browser.sign_in()
    broken = Response(b"", status)
    broken.automatically_set_content_length = False
    broken.headers["Content-Length"] = "10"
    fake.answers["GET", MARK] = broken
    answer = browser.get(MARK)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("token", ["", "forged", "of another browser"])
def test_a_change_without_the_form_token_is_refused(
    app: Flask, browser: Browser, fake: FakeServices, token: str
) -> None:
    browser.sign_in()
    given = Browser(app, fake).token("/") if token.startswith("of") else token
    fake.says("PUT", MARK, {})
    answer = browser.client.put(MARK, json={}, headers={"X-CSRF-Token": given})
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["type"] == "urn:iamis:problem:csrf"
    assert fake.asked(MARK) == []


def test_a_change_with_the_form_token_passes(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("PUT", MARK, {"version": 2})
    answer = browser.client.put(MARK, json={"v": 1}, headers={"X-CSRF-Token": browser.token()})
    assert answer.json == {"version": 2}
    assert json.loads(fake.asked(MARK)[0].body) == {"v": 1}


@pytest.mark.parametrize("slug", ["stale-token", "expired"])
def test_a_token_that_is_refused_is_renewed_and_the_call_repeated(
    browser: Browser, fake: FakeServices, slug: str
) -> None:
    browser.sign_in()
    fake.says("POST", REFRESH, tokens(2))
    fake.answers["PUT", MARK] = answer_only("access-2", lambda: problem(401, slug))
    answer = browser.client.put(MARK, json={"v": 1}, headers={"X-CSRF-Token": browser.token()})
    assert answer.json == {"token": "access-2"}
    assert json.loads(fake.asked(REFRESH)[0].body) == {"refresh_token": "refresh-1"}


def test_another_401_is_handed_back(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.answers["GET", MARK] = problem(401, "unauthenticated")
    answer = browser.get(MARK)
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["detail"] == "refused: unauthenticated"
    assert fake.asked(REFRESH) == []


def test_a_streamed_body_is_not_sent_twice_so_its_refusal_is_handed_back(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    fake.answers["POST", "/api/uploads/x"] = lambda: problem(401, "stale-token")
    answer = browser.client.post(
        "/api/uploads/x", data=b"x" * LARGE, headers={"X-CSRF-Token": browser.token()}
    )
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["type"] == "urn:iamis:problem:stale-token"


def test_a_token_about_to_expire_is_renewed_before_it_is_used(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in(seconds=30)
    fake.says("POST", REFRESH, tokens(2))
    fake.says("GET", MARK, {})
    browser.get(MARK)
    assert bearers(fake, MARK) == ["Bearer access-2"]


def test_a_token_from_before_a_change_of_access_is_renewed_before_it_is_used(
    gateway: ServiceUnderTest, browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    data = {"user_id": TEACHER["id"], "access_version": 2, "tokens_from": 1, "grants": {}}
    gateway.deliver("user.access_changed.v1", f"users/{TEACHER['id']}", data)
    fake.says("POST", REFRESH, tokens(2))
    fake.says("GET", MARK, {})
    browser.get(MARK)
    assert bearers(fake, MARK) == ["Bearer access-2"]


def test_many_tabs_ask_identity_once(app: Flask, browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(seconds=0)
    both_wait = threading.Event()

    def refresh() -> Response:
        fake.note(request.get_data())
        both_wait.wait(0.3)
        return Response(json.dumps(tokens(2)), content_type="application/json")

    fake.answers["POST", REFRESH] = refresh
    fake.says("GET", MARK, {})
    cookie = browser.client.get_cookie(cookies.SESSION)
    assert cookie is not None

    def tab(_number: int) -> int:
        client = app.test_client()
        client.set_cookie(cookies.SESSION, cookie.value)
        return client.get(MARK).status_code

    with ThreadPoolExecutor(8) as tabs:
        assert set(tabs.map(tab, range(8))) == {200}
    assert len(fake.asked(REFRESH)) == 1
    assert bearers(fake, MARK) == ["Bearer access-2"] * 8


def test_while_identity_is_down_a_good_token_is_still_used(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in(seconds=30)
    fake.answers["POST", REFRESH] = problem(503, "unavailable")
    fake.says("GET", MARK, {})
    assert [browser.get(MARK).status_code for _ in range(2)] == [200, 200]
    assert bearers(fake, MARK) == ["Bearer access-1"] * 2


def test_while_identity_is_down_an_expired_token_waits(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in(seconds=0)
    fake.answers["POST", REFRESH] = problem(503, "unavailable")
    answer = browser.get(MARK)
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["service"] == "identity"
    fake.says("POST", REFRESH, tokens(2))
    fake.says("GET", MARK, {})
    assert browser.get(MARK).status_code == 200


def test_a_dead_family_ends_the_session(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in(seconds=0)
    fake.answers["POST", REFRESH] = problem(401, "unauthenticated")
    answer = browser.get(MARK)
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["type"] == "urn:iamis:problem:session-ended"
    assert browser.client.get_cookie(cookies.SESSION) is None


def test_what_identity_says_of_the_account_is_renewed_too(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in(seconds=0)
    fake.says("POST", REFRESH, tokens(2, TEACHER | {"name": "New Name"}))
    fake.says("GET", MARK, {})
    browser.get(MARK)
    assert "New Name" in browser.get("/account").text
