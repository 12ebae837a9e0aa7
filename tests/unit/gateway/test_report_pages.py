"""The list of a centre's reports, all of them in one, and the moderator's details."""

from html import unescape

import pytest
from flask import Response

from tests.support.gateway import APPOINTEE, BOARD_STAFF, Browser, FakeServices, problem
from tests.support.sheet_answers import AT, CENTRE, PAGES, TITLE, SheetAnswers, paper

LIST = f"/centres/{CENTRE}/reports"
LISTED = f"/api/reports/centres/{CENTRE}/papers"
REPORT = f"/api/reports{PAGES}/candidate-details"
NOTHING = Response('{"papers": [], "as_of": null}', content_type="application/json")
MODERATOR = f"/api/identity{PAGES}/moderator"


def test_the_reports_are_numbered_and_can_be_opened(browser: Browser, fake: FakeServices) -> None:
    listed = [
        {"id": "p1", "full_title": TITLE, "submitted_at": AT},
        {"id": "p2", "full_title": "ANOTHER", "submitted_at": None},
    ]
    fake.says("GET", LISTED, {"papers": listed, "as_of": AT})
    browser.sign_in()
    raw = browser.get(LIST).text
    assert "<i>" not in raw
    page = unescape(raw)
    for said in (
        "INTERNAL ASSESSMENT MARKS - REPORTS",
        "<ol",
        f'<a href="{PAGES}/report">View/Print for {TITLE}</a>',
        f'href="{REPORT}?format=csv"',
        f'<form class="action-row mb-3" method="post" action="{LIST}/all">',
        '<button class="btn btn-outline-primary" name="format" value="zip">',
        "submitted on 02/05/2031",
        "not submitted yet",
        "As of 02/05/2031",
        f'<a href="/centres/{CENTRE}/papers"><< BACK</a>',
    ):
        assert said in page


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (NOTHING, 200, "no reports yet"),
        (problem(503, "unavailable"), 200, "The list of reports: not available now."),
        (problem(404, "not-found"), 404, "Not found"),
        (problem(403, "forbidden"), 403, "Not permitted"),
    ],
)
def test_without_reports_the_list_says_why(
    browser: Browser, fake: FakeServices, answer: Response, status: int, said: str
) -> None:
    fake.answers["GET", LISTED] = answer
    page = browser.sign_in().get(LIST)
    assert (page.status_code, said in page.text) == (status, True)


@pytest.mark.usefixtures("answers")
def test_the_moderator_is_shown_with_the_address(browser: Browser, fake: FakeServices) -> None:
    address = "1 Stryd Fawr <b>\nCaerdydd"
    fake.says("GET", MODERATOR, {"name": "Moli <i>", "email": "m@x.org", "address": address})
    browser.sign_in(BOARD_STAFF)
    raw = browser.get(f"{PAGES}/moderator").text
    assert "Moli <i>" not in raw
    page = unescape(raw)
    assert "<strong>Moli <i></strong>" in page
    assert f'<span class="written">{address}</span>' in page
    assert "31/05/2031" in page


@pytest.mark.usefixtures("answers")
def test_the_address_is_a_label_to_be_printed(browser: Browser, fake: FakeServices) -> None:
    address = "1 Stryd Fawr <b>\nCaerdydd"
    fake.says("GET", MODERATOR, {"name": "Moli <i>", "email": "m@x.org", "address": address})
    browser.sign_in()
    label = f"{PAGES}/moderator/label"
    assert f'href="{label}"' in browser.get(f"{PAGES}/moderator").text
    raw = browser.get(label).text
    assert "Moli <i>" not in raw
    page = unescape(raw)
    for said in ("Moli <i>", address, "68101", str(paper()["full_title"]), "label.css"):
        assert said in page
    fake.says("GET", MODERATOR, {"name": "Moli", "email": "m@x.org", "address": ""})
    assert label not in browser.get(f"{PAGES}/moderator").text
    assert browser.get(label).status_code == 404


@pytest.mark.parametrize(
    ("answer", "submitted", "said"),
    [
        (problem(404, "not-found"), 3, "No moderator is allocated yet."),
        (problem(404, "not-found"), 0, "when the marks have been submitted"),
        (problem(503, "unavailable"), 3, "The details of the moderator: not available now."),
    ],
)
def test_without_a_moderator_the_page_says_why(
    browser: Browser,
    fake: FakeServices,
    answers: SheetAnswers,
    answer: Response,
    submitted: int,
    said: str,
) -> None:
    answers.paper(paper(submitted=submitted))
    fake.answers["GET", MODERATOR] = answer
    page = browser.sign_in().get(f"{PAGES}/moderator")
    assert (page.status_code, said in page.text) == (200, True)


def test_the_board_allocates_one_from_there(
    browser: Browser, fake: FakeServices, answers: SheetAnswers
) -> None:
    answers.paper(paper())
    fake.answers["GET", MODERATOR] = problem(404, "not-found")
    page = browser.sign_in(BOARD_STAFF).get(f"{PAGES}/moderator").text
    assert f'href="/board/allocations/new?centre_no={CENTRE}">Allocate a moderator</a>' in page


@pytest.mark.usefixtures("answers")
def test_a_moderator_is_not_shown_to_themselves(browser: Browser, fake: FakeServices) -> None:
    fake.answers["GET", MODERATOR] = problem(403, "forbidden")
    assert browser.sign_in(APPOINTEE).get(f"{PAGES}/moderator").status_code == 403


BUNDLES = f"/api/reports/centres/{CENTRE}/bundles"
BUNDLE = {"id": "b1", "centre_no": CENTRE, "format": "zip", "done": 12, "total": 40}
FILE = f"{BUNDLES}/b1/file"
BEING_MADE = {"state": "being_made"}


def test_all_reports_are_asked_for_and_then_looked_at(browser: Browser, fake: FakeServices) -> None:
    fake.says("POST", BUNDLES, BUNDLE | BEING_MADE, status=201)
    browser.sign_in()
    answer = browser.submit(f"{LIST}/all", "/guide", format="zip")
    assert (answer.status_code, answer.location) == (303, f"{LIST}/all/b1")
    fake.answers["POST", BUNDLES] = problem(422, "unprocessable")
    assert browser.submit(f"{LIST}/all", "/guide", format="exe").status_code == 422


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (BEING_MADE, '<progress class="making" aria-labelledby="making" max="40" value="12">'),
        (BEING_MADE, "<p>12 of 40 papers</p>"),
        (BEING_MADE, '<noscript><meta http-equiv="refresh" content="2"></noscript>'),
        (
            BEING_MADE | {"format": "pdf", "done": 40},
            'aria-labelledby="making" max="40"></progress>',
        ),
        (BEING_MADE | {"format": "pdf", "done": 40}, "now they are put into one document"),
        ({"state": "ready"}, f'href="{FILE}" download data-file>Download it</a>'),
        ({"state": "ready"}, f'<meta http-equiv="refresh" content="0; url={FILE}">'),
        ({"state": "failed"}, "could not be made"),
    ],
)
def test_one_sees_how_far_all_reports_are(
    browser: Browser, fake: FakeServices, changes: dict[str, object], said: str
) -> None:
    fake.says("GET", f"{BUNDLES}/b1", BUNDLE | changes)
    page = browser.sign_in().get(f"{LIST}/all/b1")
    assert page.status_code == 200
    assert said in page.text
    being_made = changes["state"] == "being_made"
    assert ("You can leave this page" in page.text) is being_made
    assert (f'action="{LIST}/all"' in page.text) is not being_made


def test_what_is_kept_no_longer_is_asked_for_again(browser: Browser, fake: FakeServices) -> None:
    fake.answers["GET", f"{BUNDLES}/b1"] = problem(404, "not-found")
    fake.says("GET", LISTED, {"papers": [], "as_of": None})
    gone = browser.sign_in().get(f"{LIST}/all/b1")
    assert (gone.status_code, gone.location) == (303, LIST)
    assert "kept no longer" in browser.get(LIST).text
