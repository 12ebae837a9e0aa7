"""As the centre sees it: what pages show board staff who look at a centre, and what they refuse."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Event
from typing import Any

import pytest
from flask import Flask, Response, json, request

from services.gateway import cookies
from services.gateway.shown import unusable
from tests.support.gateway import BOARD_STAFF, CENTRE, TEACHER, Browser, FakeServices, problem
from tests.support.together import PATIENCE_SECONDS

from .sheets import TWO_TASKS, candidate, lay_down

LOOKING = "/board/centres/68101/looking"
ASKED = "/api/identity/centres/68101/looking"
MENU = "/centres/68101/papers"
PAPERS = "/api/marks/centres/68101/papers"
SAID = "You see what centre 68101 sees. Nothing can be changed."
AS_ADMIN = TEACHER | {"role": "admin", "centres": [CENTRE | {"account_type": "admin"}]}

PAPER: dict[str, Any] = {
    "id": "p1",
    "full_title": "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)",
    "qualification": "GCSE",
    "series": {"month": "JUNE", "year": 2031},
    "state": "not_started",
    "candidates": 38,
    "done": 0,
    "left": 38,
    "submitted": 0,
    "upload": "none",
    "marks_deadline": "2031-05-05",
    "sample_deadline": "2031-05-31",
    "results_released": False,
    "clerical_errors": 0,
}


def token(number: int = 1, seconds: int = 600) -> dict[str, object]:
    return {"access_token": f"seen-{number}", "expires_in": seconds, "user": AS_ADMIN}


@pytest.fixture
def staff(browser: Browser, fake: FakeServices) -> Browser:
    fake.says("GET", PAPERS, {"papers": [PAPER]})
    fake.says("POST", ASKED, token())
    return browser.sign_in(BOARD_STAFF)


@pytest.fixture
def helper(staff: Browser, fake: FakeServices) -> Browser:
    """Before the pages of the centre."""
    begun = staff.submit(LOOKING, page=MENU)
    assert (begun.status_code, begun.location) == (303, MENU)
    fake.seen.clear()
    return staff


def bearer_of(fake: FakeServices, path: str) -> str:
    return fake.asked(path)[-1].headers["Authorization"]


def tab_of(browser: Browser, app: Flask, fake: FakeServices) -> Browser:
    """Another tab of the same browser."""
    cookie = browser.client.get_cookie(cookies.SESSION)
    assert cookie is not None
    tab = Browser(app, fake)
    tab.client.set_cookie(cookies.SESSION, cookie.value)
    return tab


def test_what_cannot_be_put_away_is_not_shown(helper: Browser) -> None:
    """A hint stays until one says that one knows it, which would change something."""
    assert "New here?" not in helper.get(MENU).text


def test_the_button_is_the_boards(staff: Browser, browser: Browser) -> None:
    assert f'action="{LOOKING}"' in staff.get(MENU).text
    staff.submit("/sign-out", page=MENU)
    assert f'action="{LOOKING}"' not in browser.sign_in(AS_ADMIN).get(MENU).text


def test_the_pages_are_the_centres_and_say_so(helper: Browser, fake: FakeServices) -> None:
    drawn = helper.get(MENU).text
    assert "&lt;form" not in drawn
    page = unescape(drawn)
    assert SAID in page
    assert "Enter marks" in page
    assert f'action="{LOOKING}"' not in page
    assert bearer_of(fake, PAPERS) == "Bearer seen-1"


def test_home_is_the_centres_menu(helper: Browser) -> None:
    assert helper.get("/").location == MENU


def test_no_script_saves_by_itself(helper: Browser) -> None:
    assert "<script" in helper.get(MENU).text
    assert "sample-state.js" not in helper.get(f"{MENU}/p1/sample").text


@pytest.mark.parametrize("path", [f"{MENU}/p1/submission", f"{MENU}/p1/marksheet", LOOKING])
def test_a_form_sent_all_the_same_is_refused(
    helper: Browser, fake: FakeServices, path: str
) -> None:
    answer = helper.submit(path, page="/guide", declare="yes")
    assert answer.status_code == 403
    assert "nothing can be changed" in answer.text
    assert {seen.method for seen in fake.seen} <= {"GET"}


def test_calls_of_scripts_are_the_services_to_refuse(helper: Browser, fake: FakeServices) -> None:
    fake.answers["PATCH", f"{PAPERS}/p1/marksheet"] = problem(403, "only-looking")
    sent = {"X-CSRF-Token": helper.token()}
    answer = helper.client.patch(f"{PAPERS}/p1/marksheet", json={}, headers=sent)
    assert answer.status_code == 403
    assert bearer_of(fake, f"{PAPERS}/p1/marksheet") == "Bearer seen-1"


def test_the_token_is_asked_for_again_before_it_ends(staff: Browser, fake: FakeServices) -> None:
    fake.says("POST", ASKED, token(1, seconds=30))
    staff.submit(LOOKING, page=MENU)
    fake.says("POST", ASKED, token(2))
    staff.get(MENU)
    assert bearer_of(fake, PAPERS) == "Bearer seen-2"
    assert bearer_of(fake, ASKED) == "Bearer access-1"


def test_of_many_requests_one_asks_for_the_next_token(
    staff: Browser, app: Flask, fake: FakeServices
) -> None:
    """The others go on with a token that is still good: each one that is given is in the trail."""
    fake.says("POST", ASKED, token(1, seconds=59))
    staff.submit(LOOKING, page=MENU)
    fake.seen.clear()
    asked, go_on = Event(), Event()

    def slowly() -> Response:
        fake.note(request.get_data())
        if not asked.is_set():
            asked.set()
            go_on.wait(PATIENCE_SECONDS)
        return Response(json.dumps(token(2)), content_type="application/json")

    fake.answers["POST", ASKED] = slowly
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(tab_of(staff, app, fake).get, MENU)
        try:
            assert asked.wait(PATIENCE_SECONDS)
            staff.get(MENU)
            assert bearer_of(fake, PAPERS) == "Bearer seen-1"
        finally:
            go_on.set()
        assert waiting.result(PATIENCE_SECONDS).status_code == 200
    assert bearer_of(fake, PAPERS) == "Bearer seen-2"
    staff.get(MENU)
    assert bearer_of(fake, PAPERS) == "Bearer seen-2"
    assert len(fake.asked(ASKED)) == 1


def test_what_was_ended_does_not_begin_again(
    staff: Browser, app: Flask, fake: FakeServices
) -> None:
    """The press comes while another tab asks for the next token."""
    fake.says("POST", ASKED, token(1, seconds=59))
    staff.submit(LOOKING, page=MENU)
    tab = tab_of(staff, app, fake)
    form = tab.token()

    def ended() -> Response:
        fake.note(request.get_data())
        fake.says("POST", ASKED, token(3))
        end = tab.client.post("/looking/end", data={"csrf_token": form})
        assert end.location == "/board"
        return Response(json.dumps(token(2)), content_type="application/json")

    fake.answers["POST", ASKED] = ended
    assert staff.get(MENU).status_code == 200
    assert bearer_of(fake, PAPERS) == "Bearer access-1"
    assert SAID not in unescape(staff.get(MENU).text)


def test_a_refusal_of_the_next_token_leaves_the_session_free(
    staff: Browser, fake: FakeServices
) -> None:
    fake.says("POST", ASKED, token(1, seconds=0))
    staff.submit(LOOKING, page=MENU)
    fake.answers["POST", ASKED] = problem(503, "unavailable")
    assert staff.get(MENU).status_code == 503
    fake.says("POST", ASKED, token(2))
    assert staff.get(MENU).status_code == 200
    assert bearer_of(fake, PAPERS) == "Bearer seen-2"


def test_the_history_of_an_open_mark_is_a_link(helper: Browser, fake: FakeServices) -> None:
    """Whoever types has it by script, which no page of a looker has."""
    lay_down(fake, TWO_TASKS, candidate("1054"))
    row = re.search(r'id="c1054".*?</tr>', helper.get(f"{MENU}/p1/marksheet").text, re.DOTALL)
    assert row
    assert "<noscript>" not in row[0]
    assert f'href="{MENU}/p1/candidates/1054/history"' in row[0]


def test_language_may_be_switched(helper: Browser, fake: FakeServices) -> None:
    fake.answers["PATCH", "/api/identity/me"] = problem(403, "only-looking")
    assert helper.submit("/language", page=MENU, language="cy", next=MENU).location == MENU
    assert "yr hyn y mae canolfan 68101 yn ei weld" in helper.get(MENU).text


def test_it_ends_with_a_press(helper: Browser, fake: FakeServices) -> None:
    assert helper.submit("/looking/end", page=MENU).location == "/board"
    assert SAID not in unescape(helper.get(MENU).text)
    assert bearer_of(fake, PAPERS) == "Bearer access-1"


def test_who_may_not_is_told_and_stays_who_they_are(browser: Browser, fake: FakeServices) -> None:
    fake.says("GET", PAPERS, {"papers": [PAPER]})
    fake.answers["POST", ASKED] = problem(403, "forbidden")
    browser.sign_in(AS_ADMIN)
    assert browser.submit(LOOKING, page=MENU).status_code == 403
    assert SAID not in unescape(browser.get(MENU).text)


def test_signing_out_ends_all_of_it(helper: Browser) -> None:
    helper.submit("/sign-out", page=MENU)
    assert helper.get(MENU).status_code == 303


DRAWN = '<form id="f" method="post"><input name="a"></form>'
UNUSABLE = DRAWN.replace("<input", '<fieldset class="shown" disabled><input').replace(
    "</form>", "</fieldset></form>"
)

SEARCH = '<form id="s" method="get"></form>'
APART = '<button form="s">Search</button>'


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (DRAWN, UNUSABLE),
        ('<form method="get"><input></form>', '<form method="get"><input></form>'),
        (f'<input name="b" form="f">{DRAWN}', f'<input name="b" disabled form="f">{UNUSABLE}'),
        (f'{DRAWN}<input\nform="f">', f'{UNUSABLE}<input disabled\nform="f">'),
        (DRAWN.replace(" method", "\n  method"), UNUSABLE.replace(" method", "\n  method")),
        (f"{SEARCH}{APART}", f"{SEARCH}{APART}"),
        (f"{SEARCH}{APART}{DRAWN}", f"{SEARCH}{APART}{UNUSABLE}"),
        ('<a href="/x">x</a>', '<a href="/x">x</a>'),
    ],
)
def test_what_changes_something_cannot_be_used(page: str, shown: str) -> None:
    assert unusable(page) == shown
