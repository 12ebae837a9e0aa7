"""The sample page: who is in it and why, also while a service is down."""

from html import unescape
from typing import Any

import pytest

from services.gateway.sample import sampled as rows_of
from tests.support.gateway import APPOINTEE, BOARD_STAFF, Browser, FakeServices
from tests.support.sheet_answers import (
    AT,
    MARKS,
    PAGES,
    SAMPLE,
    SheetAnswers,
    candidate,
    files,
    not_eligible,
    paper,
    sample,
    sampled,
    sheet,
)

HERE = f"{PAGES}/sample"
SHEET = f"{MARKS}/marksheet"


def seen(browser: Browser) -> str:
    page = browser.get(HERE)
    assert page.status_code == 200
    return unescape(page.text)


def test_everybody_in_the_sample_is_listed_with_why(
    browser: Browser, answers: SheetAnswers
) -> None:
    note = {"by": "Ann <b>", "at": AT, "text": "Work of 1054 was lost.\nSorry <i>."}
    asked = sampled("1002", chosen_by="moderator", reason="asked for", due="2031-06-10", files=2)
    answers.sample(sample(sampled("1001"), asked, notes=[note]))
    answers.sheet(sheet(candidate("1001"), candidate("1002", effective_total=61)))
    browser.sign_in()
    raw = browser.get(HERE).text
    assert "Ann <b>" not in raw
    page = " ".join(unescape(raw).split())
    for said in (
        "2 candidates are in the sample.",
        "1001 ŴYN <b> : SIÂN 1001",
        f'<a href="{PAGES}/candidates/1001/history">50<',
        f'<a href="{PAGES}/candidates/1002/history">61<',
        "rank 1 of 3, one in every 2",
        "Due on 10/06/2031",
        ">Moderator<",
        "02/05/2031 10:15",
        "Work of 1054 was lost. Sorry <i>.",
        "1 candidate still lacks evidence:",
        f'<a class="alert-link" href="{PAGES}/evidence#c1001">1001</a>',
        f'href="{PAGES}/marksheet?show=samples"',
        "should not be sent to the moderator",
    ):
        assert said in page


@pytest.mark.parametrize("user", [APPOINTEE, BOARD_STAFF])
def test_who_looks_is_not_told_to_add(
    browser: Browser, answers: SheetAnswers, user: object
) -> None:
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001")))
    page = seen(browser.sign_in(user))
    assert "1001" in page
    assert "Add candidates" not in page


@pytest.mark.parametrize(
    ("submitted", "said_by_sampling", "said"),
    [
        (0, sample(state="none"), "it is generated when the marks are submitted"),
        (3, sample(state="none"), "The sample is being generated."),
        (3, sample(state="waiting"), "This paper is sampled together with other centres"),
        (3, sample(), "Nobody is in the sample"),
    ],
)
def test_where_there_is_no_sample_the_page_says_why(
    browser: Browser,
    fake: FakeServices,
    answers: SheetAnswers,
    submitted: int,
    said_by_sampling: dict[str, Any],
    said: str,
) -> None:
    fake.says("GET", "/api/marks/centres/68101/papers", {"papers": []})
    answers.paper(paper(submitted=submitted))
    answers.sheet(sheet())
    answers.sample(said_by_sampling)
    page = seen(browser.sign_in())
    assert said in page
    assert "<table" not in page


def test_where_all_who_were_submitted_are_withdrawn_the_sample_is_there_still(
    browser: Browser, answers: SheetAnswers
) -> None:
    answers.sample(sample(sampled("1001")))
    late = paper(state="reopened", submitted=0)
    answers.paper(late)
    answers.sheet(sheet(of=late))
    page = seen(browser.sign_in())
    assert "There is no sample yet" not in page
    for tab in ("Timeline", "Evidence", "Moderator details"):
        assert f">{tab}</a>" in page


@pytest.mark.parametrize("chosen", [(), (sampled("1001"),)], ids=["nobody", "one"])
def test_who_could_not_be_chosen_is_told_with_why(
    browser: Browser, fake: FakeServices, answers: SheetAnswers, chosen: tuple[dict[str, Any], ...]
) -> None:
    out = [
        not_eligible("1002", "absent", "absent"),
        not_eligible("1003", "zero", "mark of zero"),
        not_eligible("1004", "absent", "absent"),
        not_eligible("1005", "withdrawn", "withdrawn"),
    ]
    answers.sample(sample(*chosen, out=out))
    answers.sheet(sheet(*(candidate(f"100{number}", sample=None) for number in (1, 2, 3, 4))))
    page = " ".join(seen(browser.sign_in()).split())
    for said in (
        "<summary>4 candidates could not be chosen: absent (2), mark of zero (1), withdrawn (1)<",
        "<strong>absent</strong>: 1002 ŴYN <b> : SIÂN 1002, 1004 ŴYN <b> : SIÂN 1004<",
        "<strong>withdrawn</strong>: 1005 <",
    ):
        assert said in page
    assert fake.asked(SHEET)[-1].target.endswith("/marksheet?rows=all")


def test_where_all_could_be_chosen_only_the_sampled_are_asked_for(
    browser: Browser, fake: FakeServices, answers: SheetAnswers
) -> None:
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001")))
    assert "could not be chosen" not in seen(browser.sign_in())
    assert fake.asked(SHEET)[-1].target.endswith("?show=samples&rows=all")


def test_without_sampling_the_ticks_of_the_marksheet_are_shown(
    browser: Browser, answers: SheetAnswers
) -> None:
    answers.down(SAMPLE)
    answers.sheet(sheet(candidate("1001")))
    page = seen(browser.sign_in())
    assert "Files, notes and times: not available now." in page
    assert "highest mark" in page
    assert "lacks evidence" not in page


def test_without_marks_the_sample_is_shown_without_names(
    browser: Browser, answers: SheetAnswers
) -> None:
    answers.down(MARKS, SHEET)
    answers.sample(sample(sampled("1001")))
    page = seen(browser.sign_in())
    assert "1001" in page
    assert "one in every 2" in page
    assert "lacks evidence" not in page


def test_with_nothing_the_page_says_so(browser: Browser, answers: SheetAnswers) -> None:
    answers.down(MARKS, SHEET, SAMPLE)
    assert "The sample: not available now." in seen(browser.sign_in())


def test_a_foreign_sheet_is_not_found(
    browser: Browser, fake: FakeServices, answers: SheetAnswers
) -> None:
    del fake.answers["GET", MARKS]
    answers.sample(sample())
    browser.sign_in()
    assert browser.get(HERE).status_code == 404


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "50"),
        ({"effective_total": 0}, "0"),
        ({"code": "A", "effective_total": None}, "A"),
        ({"outcome": "Merit", "effective_total": None}, "Merit"),
        ({"effective_total": None}, "\N{EN DASH}"),
    ],
)
def test_a_mark_is_total_or_outcome_or_code(
    browser: Browser, answers: SheetAnswers, changes: dict[str, Any], shown: str
) -> None:
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001", **changes)))
    assert f'/candidates/1001/history">{shown}<' in seen(browser.sign_in())


def test_rows_come_from_sampling_where_it_is_there_else_from_marks() -> None:
    marks = sheet(candidate("1002"), candidate("1001"), candidate("1003", sample=None))
    assert [row.candidate_no for row in rows_of(None, marks)] == ["1001", "1002"]
    assert [row.name for row in rows_of(sample(sampled("1009")), marks)] == [""]
    assert rows_of(None, None) == []
    chosen = [row.chosen for row in rows_of(sample(sampled("1", chosen_by="x")), None)]
    assert chosen == ["x"]


def test_for_a_withdrawn_candidate_the_nearest_are_offered(
    browser: Browser, answers: SheetAnswers, fake: FakeServices
) -> None:
    near = [
        {"candidate_no": "1007", "name": "PUW <b>", "total": 49, "outcome": None, "side": "lower"},
        {"candidate_no": "1009", "name": "REES", "total": 55, "outcome": None, "side": "higher"},
    ]
    fake.says("GET", f"{MARKS}/candidates/1001/nearest", {"candidates": near})
    answers.sample(sample(sampled("1001"), sampled("1002")))
    answers.sheet(sheet(candidate("1001", withdrawn=True), candidate("1002")))
    page = " ".join(seen(browser.sign_in()).split())
    for said in (
        "SIÂN 1001 <strong>(withdrawn)</strong>",
        "Candidate 1001 was withdrawn after the sample was made",
        f'action="{PAGES}/marksheet?show=all&rows=all"',
        'name="add" value="1007" checked',
        "1007 PUW <b> (49, lower)",
        "1009 REES (55, higher or the same)",
        "Candidate 1001 was withdrawn.</textarea>",
    ):
        assert said in page
    assert "Candidate 1002 was withdrawn" not in page


def test_where_nobody_is_near_that_is_said(browser: Browser, answers: SheetAnswers) -> None:
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001", withdrawn=True)))
    assert "There is no other candidate with complete work" in seen(browser.sign_in())
    assert "Add the nearest candidate with complete work instead" not in seen(browser)


def test_cover_sheets_are_there_with_the_sample(browser: Browser, answers: SheetAnswers) -> None:
    browser.sign_in()
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001")))
    covers = f"/api/reports{PAGES}/cover-sheets?centre_name="
    page = seen(browser)
    assert f'href="{covers}' in page
    assert page.index("New here?") < page.index("1 candidate is in the sample.")
    answers.sample(sample(state="none"))
    answers.sheet(sheet())
    page = seen(browser)
    assert covers not in page
    assert 'disabled aria-describedby="no-covers">Cover sheets (PDF)</button>' in page
    assert "Cover sheets can be downloaded when the sample has been generated." in page
    answers.sample(sample())
    page = seen(browser)
    assert "Nobody is in the sample" in page
    assert "Cover sheets" not in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [({}, True), ({"only_some_sets": True}, False), ({"upload": "none"}, False)],
)
def test_that_the_group_lacks_evidence_is_told(
    browser: Browser, answers: SheetAnswers, changes: dict[str, Any], *, told: bool
) -> None:
    answers.paper(paper(upload="group") | changes)
    answers.sample(sample(sampled("1001")))
    answers.sheet(sheet(candidate("1001")))
    answers.files(files(group_lacks=True))
    link = f'href="{PAGES}/evidence#group">The group still lacks evidence</a>'
    assert (link in seen(browser.sign_in())) is told
