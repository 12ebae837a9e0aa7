"""The pages as they are drawn: by role, without a service that is down, and escaped."""

import re
from html import unescape

import pytest
from flask import Response

from services.gateway import cookies
from tests.support.gateway import (
    APPOINTEE,
    BOARD_STAFF,
    NEWCOMER,
    TEACHER,
    Browser,
    FakeServices,
    problem,
)

from .test_menu import PAPER, SUBMITTED

PAPERS = "/api/marks/centres/68101/papers"
MENU = "/centres/68101/papers"
MODERATIONS = "/api/sampling/moderations"
ODD = "O'Neill-Ŵyn <b>"


def test_the_menu_lists_the_papers(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("GET", PAPERS, {"papers": [PAPER | {"full_title": ODD}]})
    page = browser.get(MENU).text
    assert "<summary><h2>GCSE JUNE 2031</h2></summary>" in page
    assert "Deadline for marks: 05/05/2031" in page
    assert "Deadline for submission of samples and cover sheets to moderator: 31/05/2031" in page
    assert 'href="/centres/68101/papers/p1/marksheet"' in page
    assert 'href="/centres/68101/reports"' in page
    assert "72 hours" in page
    assert "<b>" not in page
    assert ODD in unescape(page)


def test_the_deadline_of_marks_is_told_while_some_are_left(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    fake.says("GET", PAPERS, {"papers": [PAPER | SUBMITTED]})
    assert "Deadline for marks" not in browser.get(MENU).text


@pytest.mark.parametrize(
    ("path", "api", "listed"),
    [
        (MENU, PAPERS, (TEACHER, {"papers": []}, "There are no entries yet")),
        ("/board", "/api/marks/centres", (BOARD_STAFF, {"centres": []}, "No centre has")),
        (
            "/allocations",
            "/api/marks/allocations",
            (APPOINTEE, {"papers": [], "awaiting": 0}, "Nothing is allocated to you yet"),
        ),
    ],
)
def test_a_list_says_when_it_is_empty_and_when_it_is_not_available(
    browser: Browser, fake: FakeServices, path: str, api: str, listed: tuple[object, object, str]
) -> None:
    user, empty, said = listed
    browser.sign_in(user)
    fake.says("GET", "/api/identity/centres", {"centres": [], "total": 0})
    fake.says("GET", MODERATIONS, {"moderations": []})
    fake.says("GET", api, empty)
    assert said in browser.get(path).text
    fake.answers["GET", api] = problem(503, "unavailable")
    page = browser.get(path)
    assert page.status_code == 200
    assert "not available now" in page.text


@pytest.mark.parametrize("status", [403, 404])
def test_a_refusal_of_the_service_is_an_error_page(
    browser: Browser, fake: FakeServices, status: int
) -> None:
    browser.sign_in()
    fake.answers["GET", PAPERS] = problem(status, "refused")
    page = browser.get(MENU)
    assert page.status_code == status
    assert page.content_type.startswith("text/html")
    assert "refused: refused" in page.text
    assert page.headers["X-Request-ID"] in page.text


def test_board_staff_see_every_centre_and_enter_nothing(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in(BOARD_STAFF)
    listed = {"centres": [{"centre_no": "68101", "papers": 3, "submitted": 1}], "total": 1}
    fake.says("GET", "/api/marks/centres", listed)
    fake.answers["GET", "/api/identity/centres"] = problem(503, "unavailable")
    nameless = browser.get("/board").text
    assert 'href="/centres/68101/papers"' in nameless
    named = {"centre_no": "68101", "name": "Ysgol Bryn"}
    fake.says("GET", "/api/identity/centres", {"centres": [named], "total": 1})
    assert "Ysgol Bryn" in browser.get("/board").text
    assert "Ysgol Bryn" not in nameless
    fake.says("GET", PAPERS, {"papers": [PAPER]})
    fake.says("GET", "/api/identity/centres/68101", named)
    page = browser.get(MENU).text
    assert "Centre 68101 · Ysgol Bryn" in page
    assert "View marks" in page
    assert "Enter marks" not in page


def test_a_moderator_sees_the_submitted_papers_allocated(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in(APPOINTEE)
    paper = PAPER | SUBMITTED | {"centre_no": "68101", "upload": "candidate"}
    fake.says("GET", "/api/marks/allocations", {"papers": [paper], "awaiting": 2})
    fake.answers["GET", MODERATIONS] = problem(503, "unavailable")
    page = browser.get("/allocations").text
    assert "2 papers allocated to you have not been submitted yet" in page
    assert 'href="/centres/68101/papers/p1/marksheet?show=samples"' in page
    assert 'href="/centres/68101/papers/p1/evidence"' in page
    work = {"centre_no": "68101", "paper_id": "p1", "sample": "generated", "state": "approved"}
    work |= {"results_day": "2031-08-20T23:30:00+00:00", "due": ""}
    fake.says("GET", MODERATIONS, {"moderations": [work]})
    assert "Results day: 21/08/2031" in browser.get("/allocations").text, "the day in London"


def test_without_iamis_the_page_says_whom_to_ask_until_it_is_granted(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in(NEWCOMER)
    fake.says("GET", "/api/identity/me", NEWCOMER)
    assert "Ask the exams officer" in browser.get("/no-access").text
    fake.says("GET", "/api/identity/me", TEACHER)
    assert browser.get("/no-access").location == MENU


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (problem(404, "not-found"), "There is no moderator's report for this paper yet."),
        (problem(503, "unavailable"), "not available now"),
    ],
)
def test_a_report_that_is_not_there_is_said_to_be_missing(
    browser: Browser, fake: FakeServices, answer: Response, said: str
) -> None:
    browser.sign_in()
    fake.answers["GET", "/api/reports/centres/68101/papers/p1/moderator-report"] = answer
    page = browser.get(f"{MENU}/p1/moderator-report")
    assert (page.status_code, said in unescape(page.text)) == (200, True)


@pytest.mark.parametrize("path", ["/services", "/account", "/guide"])
def test_every_page_names_the_person_and_escapes(browser: Browser, path: str) -> None:
    browser.sign_in()
    page = browser.get(path).text
    assert "Ann O&#39;Neill-Ŵyn &lt;b&gt;" in page
    assert "<b>" not in page
    assert "<i>" not in page
    assert 'href="/services"' in page
    assert 'action="/sign-out"' in page


@pytest.mark.parametrize(
    ("path", "label"), [("/services", "All services"), ("/guide", "Help"), ("/account", None)]
)
def test_the_menu_marks_the_page_that_is_open(
    browser: Browser, path: str, label: str | None
) -> None:
    browser.sign_in()
    header = browser.get(path).text.partition("<main")[0]
    assert re.findall(r'aria-current="page">([^<]*)</a>', header) == ([label] if label else [])


@pytest.mark.parametrize("path", ["/", "/nowhere", "/api/nobody", "/livez"])
def test_every_answer_is_guarded(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_unknown_pages_are_pages_and_unknown_calls_are_problems(browser: Browser) -> None:
    page, call = browser.get("/nowhere"), browser.get("/api/nobody/x")
    assert (page.status_code, call.status_code) == (404, 404)
    assert page.content_type.startswith("text/html")
    assert "<h1>Not found</h1>" in page.text
    assert call.content_type == "application/problem+json"


def test_an_unexpected_error_is_a_page_that_tells_nothing(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    fake.says("GET", PAPERS, {"papers": [{"secret of the service": 1}]})
    page = browser.get(MENU)
    assert page.status_code == 500
    assert "secret" not in page.text
    assert page.headers["X-Request-ID"] in page.text


@pytest.mark.parametrize(
    ("cookie", "account", "asked", "shown"),
    [
        ("cy", "en", "en", "cy"),
        ("", "cy", "en", "cy"),
        ("", "en", "cy", "en"),
        ("xx", "cy", "en", "cy"),
    ],
)
def test_the_language_is_the_cookies_then_the_accounts(
    browser: Browser, cookie: str, account: str, asked: str, shown: str
) -> None:
    browser.sign_in(TEACHER | {"language": account})
    browser.client.set_cookie(cookies.LANGUAGE, cookie)
    page = browser.get("/guide", headers={"Accept-Language": asked})
    assert f'<html lang="{shown}">' in page.text


def test_the_switch_changes_the_language_and_comes_back(
    browser: Browser, fake: FakeServices
) -> None:
    assert '<html lang="cy">' in browser.get("/", headers={"Accept-Language": "cy"}).text
    done = browser.submit("/language", page="/", language="cy", next="/?next=/guide")
    assert done.location == "/?next=/guide"
    assert '<html lang="cy">' in browser.get("/").text
    browser.sign_in()
    fake.says("GET", PAPERS, {"papers": []})
    browser.get(MENU)
    assert fake.asked(PAPERS)[0].headers["Accept-Language"] == "cy"


def test_static_files_are_kept_for_good_under_the_address_of_their_content(
    browser: Browser,
) -> None:
    page = browser.get("/").text
    start = page.index("/static/")
    address = page[start : page.index('"', start)]
    found = browser.get(address)
    assert found.status_code == 200
    assert "immutable" in found.headers["Cache-Control"]
    older = browser.get("/static/older/app.css", headers={"Accept-Encoding": "gzip"})
    assert older.headers["Cache-Control"] == "no-store"
    assert older.headers["Content-Encoding"] == "gzip"
    assert browser.get("/static/app.css").headers["Cache-Control"] == "no-store"
    picture = browser.get("/static/guide/menu-en.webp", headers={"Accept-Encoding": "gzip"})
    assert (picture.status_code, "Content-Encoding" in picture.headers) == (200, False)
    assert browser.get("/static/older/nothing.css").status_code == 404
    assert browser.get("/favicon.ico").content_type == "image/svg+xml"


def test_a_narrow_screen_folds_the_notes_above_the_papers(
    browser: Browser, fake: FakeServices
) -> None:
    fake.says("GET", PAPERS, {"papers": [PAPER]})
    page = browser.sign_in().get(MENU).text
    notes = page.partition("<summary>Late entries and amendments</summary></details>")[2]
    assert notes.strip().startswith('<section class="notes"')
    assert 'ENGLISH LANGUAGE UNIT 1 ORACY <span class="together">(3700U1)</span></h3>' in page
