"""A session that nobody touches: told, put off, and ended without losing what was typed."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from services.gateway import queries
from services.gateway.models import KeptForm
from shared import clock
from tests.support.gateway import TEACHER, Browser, FakeServices, problem
from tests.support.service import ServiceUnderTest, rows_of

Later = Callable[..., None]
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
SHEET = "/centres/68101/papers/p1/marksheet"
GIVEN = {"m0-1054": "15", "i-1054": "Ŵ <b>", "do": "save"}


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Later]:
    """Moves the clock on."""
    real, moved = clock.now, [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: real() + moved[0])

    def move(**step: float) -> None:
        moved[0] += timedelta(**step)

    yield move
    monkeypatch.undo()


def _session(browser: Browser) -> dict[str, Any]:
    answer = browser.get("/session")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json or {}


def _left(browser: Browser) -> int:
    left: int = _session(browser)["left"]
    return left


def test_asking_how_much_is_left_is_no_touching(browser: Browser, later: Later) -> None:
    browser.sign_in(seconds=20_000)
    whole = queries.IDLE.total_seconds()
    assert whole - 60 <= _left(browser) <= whole
    later(minutes=40)
    assert whole - 2460 <= _left(browser) <= whole - 2400
    later(minutes=30)
    assert _left(browser) == 0
    assert browser.get("/services").location == "/?next=/services"


def test_a_button_puts_the_end_off(browser: Browser, later: Later) -> None:
    browser.sign_in(seconds=20_000)
    token = browser.token("/account")
    later(minutes=50)
    answer = browser.client.post("/session/stay", headers={"X-CSRF-Token": token})
    assert answer.status_code == 204
    later(minutes=50)
    assert browser.get("/services").status_code == 200


def test_nobody_has_no_session(browser: Browser) -> None:
    session = _session(browser)
    assert (session["user"], session["left"]) == ("", 0)


def test_a_page_and_the_session_say_whose_they_are(browser: Browser) -> None:
    page = browser.sign_in(TEACHER | {"id": "u2"}).get("/services").text
    assert '<meta name="user-id" content="u2">' in page
    assert _session(browser)["user"] == "u2"


def test_a_page_left_open_sends_nothing_in_the_next_persons_name(
    browser: Browser, later: Later
) -> None:
    browser.sign_in(seconds=20_000)
    token = browser.token("/account")
    later(minutes=61)
    browser.sign_in(TEACHER | {"id": "u2"}, seconds=20_000)
    given = {"csrf_token": token, "session": "s2"}
    assert browser.client.post("/account/sessions", data=given).status_code == 403


def test_a_page_brings_what_counts_down(browser: Browser) -> None:
    assert 'id="idle"' not in browser.get("/").text
    page = browser.sign_in().get("/services").text
    assert 'id="idle"' in page
    assert 'data-left="You will be signed out in %(left)s unless you go on."' in page


def _send_too_late(browser: Browser, later: Later) -> str:
    """The address of the sign-in that follows."""
    token = browser.token("/account")
    later(minutes=61)
    sent = browser.client.post(f"{SHEET}?show=all", data={"csrf_token": token, **GIVEN})
    assert sent.status_code == 303
    return str(sent.location)


def test_a_form_that_came_too_late_is_sent_after_signing_in(
    browser: Browser, later: Later, gateway: ServiceUnderTest
) -> None:
    browser.sign_in(seconds=20_000)
    sign_in = _send_too_late(browser, later)
    assert sign_in.startswith("/?next=/continue/")
    with gateway.database.reading() as session:
        (kept,) = rows_of(session, KeptForm)
        assert "Ŵ" in kept.content
    browser.sign_in(seconds=20_000)
    page = browser.get(sign_in.removeprefix("/?next=")).text
    fields = {unescape(name): unescape(text) for name, text in FIELD.findall(page)}
    assert {name: fields[name] for name in GIVEN} == GIVEN
    kept_at = sign_in.removeprefix("/?next=")
    assert 'name="m0-1054" value="15"' in browser.get(kept_at).text, "a look spends nothing"
    sent = browser.client.post(kept_at, data=fields)
    assert (sent.status_code, sent.location) == (307, f"{SHEET}?show=all")
    assert browser.client.post(kept_at, data=fields).status_code == 307, "pressed twice"
    later(seconds=11)
    again = browser.get(kept_at)
    assert again.location == "/centres/68101/papers", "it is sent once"


def test_nobody_else_sees_what_was_typed(browser: Browser, later: Later) -> None:
    browser.sign_in(seconds=20_000)
    sign_in = _send_too_late(browser, later)
    browser.sign_in(TEACHER | {"id": "u2"}, seconds=20_000)
    answer = browser.get(sign_in.removeprefix("/?next="))
    assert answer.status_code == 303


def test_a_form_is_kept_where_identity_ends_the_session(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in(seconds=1)
    fake.answers["POST", "/api/identity/token/refresh"] = problem(401, "unauthenticated")
    token = browser.token("/account")
    given = {"csrf_token": token, "session": "s2"}
    sent = browser.client.post("/account/sessions", data=given)
    assert sent.location.startswith("/?next=/continue/")


def test_what_is_not_from_a_page_of_ours_is_not_kept(
    browser: Browser, later: Later, gateway: ServiceUnderTest
) -> None:
    browser.sign_in(seconds=20_000)
    later(minutes=61)
    browser.client.post(SHEET, data=GIVEN)
    with gateway.database.reading() as session:
        assert rows_of(session, KeptForm) == []


def test_a_password_is_not_kept(browser: Browser, later: Later) -> None:
    browser.sign_in(seconds=20_000)
    token = browser.token("/account/password")
    later(minutes=61)
    given = {"csrf_token": token, "current_password": "old", "new_password": "new"}
    sent = browser.client.post("/account/password", data=given)
    assert sent.location == "/?next=/"
