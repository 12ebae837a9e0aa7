"""Submitting: the check list, the declarations, the receipt, and what the sample says beside it."""

from html import unescape
from typing import Any

import pytest

from tests.support.gateway import APPOINTEE, BOARD_STAFF, Browser, FakeServices, problem
from tests.support.sheet_answers import (
    AT,
    MARKS,
    PAGES,
    SAMPLE,
    SheetAnswers,
    missing,
    paper,
    posted,
    readiness,
    receipt,
    sample,
    sampled,
)

HERE = f"{PAGES}/submission"
POSTED = f"{MARKS}/submission"
ALL = {"authenticated": "yes", "standardised": "yes", "candidates_informed": "yes"}
BUTTON = "Submit marks and generate sample</button>"
SUBMITTED = readiness(ready=False, candidates=0, receipt=receipt())


def seen(browser: Browser, path: str = HERE) -> str:
    page = browser.get(path)
    assert page.status_code == 200
    return unescape(page.text)


def test_what_is_missing_is_listed_by_candidate(browser: Browser, answers: SheetAnswers) -> None:
    lacking = [missing("1054", "Task 2", "Teacher initials"), missing("1061", "Part B")]
    answers.readiness(readiness(ready=False, missing=lacking))
    browser.sign_in()
    raw = browser.get(HERE).text
    page = unescape(raw)
    assert "2 candidates are not complete." in page
    assert "1054 ŴYN <b>\xa0: SIÂN</a> — Task 2, Teacher initials" in page
    assert f'href="{PAGES}/marksheet?show=unmarked&rows=all#t1-1061"' in page
    assert BUTTON not in page
    assert "<b>" not in raw


def test_what_looks_wrong_is_pointed_out_beside_the_form(
    browser: Browser, answers: SheetAnswers
) -> None:
    doubts = [
        {"candidate_no": None, "name": None, "what": "All are the same."},
        {"candidate_no": "1061", "name": "PUW : ANN", "what": "It is far from the others."},
    ]
    answers.readiness(readiness(doubts=doubts))
    page = seen(browser.sign_in())
    assert "<li>All are the same.</li>" in page
    assert f'href="{PAGES}/marksheet?rows=all#t0-1061">1061 PUW\xa0: ANN</a> — It is far' in page
    assert BUTTON in page


def test_the_form_asks_for_three_declarations(browser: Browser, answers: SheetAnswers) -> None:
    answers.readiness(readiness())
    page = seen(browser.sign_in())
    assert "All 3 candidates are complete" in page
    assert page.count('type="checkbox"') == 3
    assert " checked" not in page
    assert "cannot be altered online" in page
    assert BUTTON in page


@pytest.mark.parametrize(
    ("user", "changes", "said"),
    [
        (None, {"ready": False, "candidates": 0}, "There are no candidates to submit"),
        (BOARD_STAFF, {}, "The centre has not submitted them yet."),
    ],
)
def test_there_is_no_form_where_nothing_can_be_submitted(
    browser: Browser, answers: SheetAnswers, user: object, changes: dict[str, Any], said: str
) -> None:
    answers.readiness(readiness(**changes))
    page = seen(browser.sign_in(user))
    assert said in page
    assert BUTTON not in page


def test_who_is_for_some_sets_only_has_no_form(browser: Browser, answers: SheetAnswers) -> None:
    answers.paper(paper(only_some_sets=True))
    answers.readiness(readiness(ready=False))
    page = seen(browser.sign_in())
    assert "A submission is for the whole paper" in page
    assert BUTTON not in page


@pytest.mark.parametrize("status", [201, 200])
def test_submitting_leads_to_the_receipt_also_when_repeated(
    browser: Browser, fake: FakeServices, answers: SheetAnswers, status: int
) -> None:
    answers.readiness(readiness())
    browser.sign_in()
    fake.says("POST", POSTED, receipt(), status)
    done = browser.submit(HERE, **ALL)
    assert (done.status_code, done.location) == (303, HERE)
    sent = posted(fake, POSTED)
    assert sent == {"declarations": dict.fromkeys(ALL, True)}


def test_a_declaration_not_made_is_said_beside_its_box(
    browser: Browser, fake: FakeServices, answers: SheetAnswers
) -> None:
    answers.readiness(readiness())
    browser.sign_in()
    detail = "Declare that internal standardisation is done."
    errors = [{"pointer": "/declarations/standardised", "detail": detail}]
    fake.says("POST", POSTED, {"detail": detail, "errors": errors}, 422)
    page = browser.submit(HERE, authenticated="yes", candidates_informed="yes")
    assert page.status_code == 200
    assert posted(fake, POSTED)["declarations"]["standardised"] is False
    text = unescape(page.text)
    assert f'<p class="field-error" id="standardised-error">{detail}</p>' in text
    assert 'aria-describedby="standardised-error"' in text
    assert '<a class="alert-link" href="#standardised">' in text
    assert text.count(" checked") == 2
    assert text.count("field-error") == 1


def test_what_became_incomplete_meanwhile_is_listed(
    browser: Browser, fake: FakeServices, answers: SheetAnswers
) -> None:
    answers.readiness(readiness())
    browser.sign_in()
    token = browser.token(HERE)
    lacking = [missing("1054", "Task 2")]
    answers.readiness(readiness(ready=False, missing=lacking))
    refusal = {"detail": "1 candidate is not complete.", "missing": lacking}
    fake.says("POST", POSTED, refusal, 409)
    page = browser.client.post(HERE, data={"csrf_token": token, **ALL})
    assert page.status_code == 200
    assert 'id="error-summary"' in page.text
    assert "1054" in page.text
    assert "— Task 2" in page.text


@pytest.mark.parametrize(("status", "slug"), [(403, "forbidden"), (404, "not-found")])
def test_who_may_not_submit_is_refused(
    browser: Browser, fake: FakeServices, answers: SheetAnswers, status: int, slug: str
) -> None:
    answers.readiness(readiness())
    browser.sign_in()
    fake.answers["POST", POSTED] = problem(status, slug)
    assert browser.submit(HERE, **ALL).status_code == status


def test_without_marks_nothing_is_claimed(browser: Browser, answers: SheetAnswers) -> None:
    answers.down(MARKS, f"{MARKS}/submission")
    browser.sign_in()
    assert browser.get(HERE).status_code == 503


def test_the_receipt_says_what_was_submitted_by_whom_and_when(
    browser: Browser, answers: SheetAnswers
) -> None:
    answers.readiness(SUBMITTED)
    answers.sample(sample(sampled("1001"), sampled("1002")))
    browser.sign_in()
    raw = browser.get(HERE).text
    assert "<b>" not in raw
    page = unescape(raw)
    title = "INTERNAL ASSESSMENT MARKING - GCSE JUNE 2031 HISTORY & <i>MYTH</i> UNIT 4 (3100UN)"
    for said in (
        f"{title} MARKS SUBMITTED",
        "<dt>Subject/Paper</dt><dd>3100UN</dd>",
        "<dt>Candidates submitted</dt><dd>3</dd>",
        "Ann O'Neill-Ŵyn <b>",
        "02/05/2031\N{NO-BREAK SPACE}10:15",
        "received by WJEC",
        "The sample is ready: 2 candidates.",
        f'href="{PAGES}/marksheet?show=samples"',
        f'is uploaded here: <a href="{PAGES}/evidence"',
        "cannot be altered online",
    ):
        assert said in page
    assert BUTTON not in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"upload": "none", "work_to": "Surpass"}, "Where the work goes: Surpass."),
        ({"upload": "none"}, f'href="{PAGES}/moderator">View moderator details'),
        ({"upload": "group"}, f'href="{PAGES}/evidence"'),
    ],
)
def test_the_receipt_says_where_the_work_goes(
    browser: Browser, answers: SheetAnswers, changes: dict[str, Any], said: str
) -> None:
    answers.paper(paper(**changes))
    answers.readiness(SUBMITTED)
    answers.sample(sample(sampled("1001")))
    assert said in seen(browser.sign_in())


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("none", "The sample is being generated."),
        ("unknown", "The sample is being generated."),
        ("waiting", "Still to be submitted:"),
        ("down", "The sample: not available now."),
    ],
)
def test_the_receipt_says_how_the_sample_stands(
    browser: Browser, fake: FakeServices, answers: SheetAnswers, state: str, said: str
) -> None:
    answers.paper(paper(linked=["p2", "p3"]))
    answers.readiness(SUBMITTED)
    listed = [
        paper(id="p2", full_title="THE OTHER", submitted=0),
        paper(id="p3", full_title="SENT"),
    ]
    fake.says("GET", "/api/marks/centres/68101/papers", {"papers": listed})
    if state == "down":
        answers.down(SAMPLE)
    elif state != "unknown":
        answers.sample(sample(state=state))
    page = seen(browser.sign_in())
    assert said in page
    assert ("THE OTHER" in page) == (state == "waiting")
    assert "SENT" not in page
    assert (f'data-sample-state="{SAMPLE}"' in page) == (state in {"none", "unknown"})


@pytest.mark.parametrize(
    ("followed", "times_shown"),
    [
        ("2031-05-02T09:14:59.999999+00:00", 0),
        (AT, 1),
        ("2031-05-02T10:00:00+00:00", 1),
        (None, 1),
    ],
)
def test_a_sample_of_before_the_receipt_is_not_shown_as_its_sample(
    browser: Browser, answers: SheetAnswers, followed: str | None, times_shown: int
) -> None:
    answers.readiness(SUBMITTED)
    answers.sample(sample(sampled("1001")) | {"last_submitted_at": followed})
    page = seen(browser.sign_in())
    assert page.count("The sample is ready: 1 candidate.") == times_shown
    assert page.count(f'data-submitted-at="{AT}"') == 1 - times_shown


VIEW = "Return to the marksheet and view the sample"
TICKS = "A tick box indicator appears"


@pytest.mark.parametrize("state", ["none", "waiting", "generated"])
def test_where_nothing_is_linked_the_sample_waits_for_the_consortium(
    browser: Browser, answers: SheetAnswers, state: str
) -> None:
    answers.paper(paper(linked=[]))
    answers.readiness(SUBMITTED)
    answers.sample(sample(state=state))
    page = seen(browser.sign_in())
    assert ("other centres of your consortium" in page) == (state in {"none", "waiting"})
    assert "linked to another" not in page
    assert (VIEW in page) == (TICKS in page) == (state != "waiting")
    assert page.count("data-unless-waiting") == (0 if state == "waiting" else 2)


def test_late_candidates_are_submitted_beside_what_is(
    browser: Browser, answers: SheetAnswers
) -> None:
    answers.readiness(readiness(candidates=1, receipt=receipt()))
    page = seen(browser.sign_in())
    assert "1 late candidate is not submitted yet." in page
    assert "02/05/2031\N{NO-BREAK SPACE}10:15" in page
    assert BUTTON in page


def test_a_supplementary_receipt_tells_the_whole_number_too(
    browser: Browser, answers: SheetAnswers
) -> None:
    late = receipt(kind="supplementary", number=2, candidates=1, submitted_at=AT)
    answers.paper(paper(submitted=4))
    answers.readiness(readiness(ready=False, candidates=0, receipt=late))
    page = seen(browser.sign_in())
    assert "<dt>Candidates submitted</dt><dd>1</dd>" in page
    assert "<dt>Submitted in all</dt><dd>4</dd>" in page
    assert "<dt>When</dt><dd>" in page


def test_a_moderator_is_not_thanked(browser: Browser, answers: SheetAnswers) -> None:
    answers.readiness(SUBMITTED)
    page = seen(browser.sign_in(APPOINTEE))
    assert "Thank you" not in page
    assert 'href="/allocations"' in page
