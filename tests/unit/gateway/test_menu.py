"""The marks menu offers what the state of a paper allows."""

from typing import Any

import pytest

from services.gateway.menu import buttons, headings, is_ready

PAPER: dict[str, Any] = {
    "id": "p1",
    "code": "3700U1",
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
SHEET = "/centres/68101/papers/p1"
ENTER = f"{SHEET}/marksheet"
SAMPLES = ("View samples", f"{SHEET}/marksheet?show=samples")
EVIDENCE = f"{SHEET}/evidence"
SUBMITTED = {"state": "submitted", "done": 38, "left": 0, "submitted": 38}
REOPENED = {"state": "reopened", "candidates": 40, "submitted": 38}

TABLE: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        {},
        [
            ("Enter marks (0 done, 38 left)", ENTER),
            ("No marks to submit (0 submitted)", ""),
        ],
    ),
    (
        {"state": "under_way", "done": 29, "left": 9},
        [("Enter marks (29 done, 9 left)", ENTER), ("No marks to submit (0 submitted)", "")],
    ),
    (
        {"state": "complete", "done": 38, "left": 0},
        [
            ("Enter marks (38 done, 0 left)", ENTER),
            ("Submit marks and generate samples (38)", f"{SHEET}/submission"),
        ],
    ),
    (
        {"state": "complete", "done": 38, "left": 0, "only_some_sets": True},
        [
            ("Enter marks (38 done, 0 left)", ENTER),
            ("Your teaching sets are complete. Your exams officer submits.", ""),
        ],
    ),
    (
        {"state": "complete", "done": 38, "left": 0, "closed": True},
        [("View marks (38 done, 0 left)", ENTER), ("No marks are taken any more.", "")],
    ),
    (SUBMITTED, [SAMPLES, ("View/edit marks", ENTER), ("All marks submitted (38)", "")]),
    (
        SUBMITTED | {"upload": "candidate"},
        [
            SAMPLES,
            ("Upload evidence", EVIDENCE),
            ("View/edit marks", ENTER),
            ("All marks submitted (38)", ""),
        ],
    ),
    (
        SUBMITTED | {"results_released": True},
        [
            ("Moderator's report", f"{SHEET}/moderator-report"),
            SAMPLES,
            ("View/edit marks", ENTER),
            ("All marks submitted (38)", ""),
        ],
    ),
    (
        REOPENED | {"done": 39, "left": 1},
        [
            SAMPLES,
            ("Enter marks (39 done, 1 left)", ENTER),
            ("No marks to submit (38 submitted)", ""),
        ],
    ),
    (
        REOPENED | {"done": 40, "left": 0},
        [
            SAMPLES,
            ("Enter marks (40 done, 0 left)", ENTER),
            ("Submit marks and generate samples (2)", f"{SHEET}/submission"),
        ],
    ),
]
FOR_BOARD: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({}, [("View marks (0 done, 38 left)", ENTER)]),
    ({"state": "complete", "done": 38, "left": 0}, [("View marks (38 done, 0 left)", ENTER)]),
    ({"closed": True}, [("View marks (0 done, 38 left)", ENTER)]),
    (SUBMITTED, [SAMPLES, ("View marks", ENTER), ("All marks submitted (38)", "")]),
    (
        SUBMITTED | {"upload": "group"},
        [
            SAMPLES,
            ("View evidence", EVIDENCE),
            ("View marks", ENTER),
            ("All marks submitted (38)", ""),
        ],
    ),
]
# From left to right, by where a button leads; one that leads nowhere tells of the submission.
PLACES = {
    f"{SHEET}/moderator-report": "report",
    SAMPLES[1]: "samples",
    EVIDENCE: "evidence",
    ENTER: "marks",
    f"{SHEET}/submission": "submission",
    "": "submission",
}


def offered(changes: dict[str, Any], *, reads_only: bool) -> list[tuple[str, str]]:
    found = buttons(PAPER | changes, "68101", reads_only=reads_only)
    return [(button.label, button.href) for button in found]


@pytest.mark.parametrize(("changes", "expected"), TABLE)
def test_the_buttons_follow_the_state(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert offered(changes, reads_only=False) == expected


@pytest.mark.parametrize(("changes", "expected"), FOR_BOARD)
def test_the_board_only_looks(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert offered(changes, reads_only=True) == expected


def test_one_button_stands_out() -> None:
    entering, complete = buttons(PAPER, "68101"), buttons(PAPER | TABLE[2][0], "68101")
    assert [button.main for button in entering] == [True, False]
    assert [button.main for button in complete] == [False, True]


@pytest.mark.parametrize("changes", [changes for changes, _offered in TABLE + FOR_BOARD])
@pytest.mark.parametrize("reads_only", [False, True])
def test_a_button_has_its_column_whatever_else_is_offered(
    changes: dict[str, Any], *, reads_only: bool
) -> None:
    found = buttons(PAPER | changes, "68101", reads_only=reads_only)
    places = [PLACES[button.href] for button in found]
    assert [button.place for button in found] == places
    assert places == sorted(places, key=list(PLACES.values()).index)


def test_papers_stand_under_their_qualification_and_series_in_the_order_they_come() -> None:
    papers = [
        PAPER,
        PAPER | {"qualification": "GCE", "full_title": "B"},
        PAPER | {"full_title": "C"},
        PAPER | {"series": {"month": "NOVEMBER", "year": 2030}, "full_title": "D"},
    ]
    found = headings(papers, "68101", {}, reads_only=False)
    assert [(heading.title, [row.title for row in heading.rows]) for heading in found] == [
        ("GCSE JUNE 2031", [PAPER["full_title"], "C"]),
        ("GCE JUNE 2031", ["B"]),
        ("GCSE NOVEMBER 2030", ["D"]),
    ]


@pytest.mark.parametrize("lacks", [{}, {"left": 1}, {"candidates": 0}, {"state": "submitted"}])
@pytest.mark.parametrize("kept_from", [{}, {"closed": True}, {"only_some_sets": True}])
def test_ready_is_what_the_reader_can_submit(
    lacks: dict[str, Any], kept_from: dict[str, Any]
) -> None:
    complete = PAPER | {"state": "complete", "left": 0}
    assert is_ready(complete | lacks | kept_from) == (not lacks and not kept_from)


@pytest.mark.parametrize(
    ("changes", "reads_only", "asks"),
    [
        ({"closed": True}, False, True),
        ({"closed": True}, True, False),
        ({"closed": True, "only_some_sets": True}, False, False),
        (SUBMITTED | {"closed": True}, False, False),
        ({}, False, False),
    ],
)
def test_of_a_closed_paper_a_later_deadline_can_be_asked_for(
    changes: dict[str, Any], *, reads_only: bool, asks: bool
) -> None:
    (heading,) = headings([PAPER | changes], "68101", {}, reads_only=reads_only)
    asked = [("Ask for a later deadline", f"{SHEET}/requests")] if asks else []
    assert [(news.label, news.href) for news in heading.rows[0].news] == asked


@pytest.mark.parametrize(("count", "said"), [(1, "1 clerical error"), (3, "3 clerical errors")])
def test_corrections_by_the_moderator_are_told(count: int, said: str) -> None:
    paper = PAPER | SUBMITTED | {"clerical_errors": count}
    (heading,) = headings([PAPER, paper], "68101", {}, reads_only=False)
    quiet, told = heading.rows
    assert not quiet.news
    (news,) = told.news
    assert (news.label, news.href) == (f"{said} recorded", f"{ENTER}?rows=all")
