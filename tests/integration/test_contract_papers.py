"""The catalogue, by the contract: what a paper is, and what a centre sees of it."""

from typing import Any

import pytest

from tests.integration.conftest import Accounts, MakeSheet
from tests.support import shapes
from tests.support.api import entries, paper
from tests.support.refusals import refused

PAPERS = "/api/marks/papers"
OUTCOMES = ["Distinction", "Merit", "Pass"]
STATES = {"not_started", "under_way", "complete", "submitted", "reopened"}

KINDS: list[dict[str, Any]] = [
    {},
    {"tasks": [{"name": "Task 1", "max": 40}, {"name": "Task 2", "max": 40}]},
    {"tasks": None, "outcomes": OUTCOMES, "sample_policy": "per-outcome"},
    {"tasks": None, "outcomes": OUTCOMES, "not_classified": "U", "sample_policy": "per-outcome"},
    {"linear": True},
    {"initials_required": True},
    {"sample_policy": "even-spread-2026"},
    {"upload": "none"},
    {"upload": "candidate", "evidence_pieces": ["Program", "Report"]},
    {"upload": "group", "work_to": "4 Heol y Felin, Aberystwyth"},
    {"series": {"month": "NOVEMBER", "year": 2032}},
    {"title": "CYMRAEG: LLAFAR Â ÎÔ", "board": "Eduqas"},
]


def code_of(number: int) -> str:
    return f"K{number:03d}/0"


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_every_kind_of_paper(accounts: Accounts, number: int) -> None:
    changes = KINDS[number]
    body = paper(code_of(number), **changes)
    made = accounts["board"].post(PAPERS, body).expect(201)
    assert shapes.is_paper_id(made["id"])
    assert made["id"] != code_of(number)

    series = "{month} {year}".format(**body["series"])
    file = entries(code_of(number), accounts.centre_no, [1]).replace("JUNE 2031", series)
    counts = accounts["board"].post_csv("/api/marks/imports/entries", file).expect(200)
    assert counts == {"added": 1, "changed": 0, "withdrawn": 0, "unchanged": 0}

    listed = accounts["user"].get(f"/api/marks/centres/{accounts.centre_no}/papers").expect(200)
    found = next(one for one in listed["papers"] if one["id"] == made["id"])
    shapes.check(found, **shapes.PAPER)
    for name in ("code", "title", "qualification", "series", "upload"):
        assert found[name] == body[name]
    for name in ("marks_deadline", "sample_deadline", "evidence_until"):
        assert found[name] == body[name]
    assert shapes.is_instant(found["results_day"])
    assert (found["state"], found["results_released"]) == ("not_started", False)
    full = f"GCSE {series} {body['title']} UNIT 4 ({code_of(number)})"
    assert found["full_title"] == full


BAD_PAPERS: list[tuple[dict[str, Any], str]] = [
    ({"code": "abcd"}, "/code"),
    ({"code": "123"}, "/code"),
    ({"code": "12345678901"}, "/code"),
    ({"code": "37 0U"}, "/code"),
    ({"code": 3700}, "/code"),
    ({"title": ""}, "/title"),
    ({"title": None}, "/title"),
    ({"title": "a\x00b"}, "/title"),
    ({"title": "\ud800"}, "/title"),
    ({"qualification": " "}, "/qualification"),
    ({"series": None}, "/series"),
    ({"series": "JUNE 2031"}, "/series"),
    ({"series": {"month": "June", "year": 2031}}, "/series/month"),
    ({"series": {"month": "JUNI", "year": 2031}}, "/series/month"),
    ({"series": {"month": "JUNE", "year": "2031"}}, "/series/year"),
    ({"series": {"month": "JUNE"}}, "/series/year"),
    ({"tasks": None}, "/tasks"),
    ({"tasks": []}, "/tasks"),
    ({"outcomes": ["Pass"]}, "/tasks"),
    ({"tasks": [{"name": "Task 1", "max": 0}]}, "/tasks/0/max"),
    ({"tasks": [{"name": "Task 1", "max": -5}]}, "/tasks/0/max"),
    ({"tasks": [{"name": "Task 1", "max": 2.5}]}, "/tasks/0/max"),
    ({"tasks": [{"name": "Task 1", "max": "40"}]}, "/tasks/0/max"),
    ({"tasks": [{"name": "Task 1", "max": True}]}, "/tasks/0/max"),
    ({"tasks": [{"name": "Task 1", "max": 10**20}]}, "/tasks/0/max"),
    ({"tasks": [{"name": "", "max": 5}]}, "/tasks/0/name"),
    ({"tasks": [{"max": 5}]}, "/tasks/0/name"),
    ({"tasks": ["Task 1"]}, "/tasks/0"),
    ({"tasks": None, "outcomes": []}, "/outcomes"),
    ({"tasks": None, "outcomes": ["Pass", "pass"]}, "/outcomes/1"),
    ({"tasks": None, "outcomes": [1]}, "/outcomes/0"),
    ({"linear": "yes"}, "/linear"),
    ({"initials_required": 1}, "/initials_required"),
    ({"sample_policy": "none-such"}, "/sample_policy"),
    ({"upload": "all"}, "/upload"),
    ({"upload": None}, "/upload"),
    ({"evidence_pieces": "Program"}, "/evidence_pieces"),
    ({"tolerance": -1}, "/tolerance"),
    ({"tolerance": 1.5}, "/tolerance"),
    ({"marks_deadline": "05/05/2031"}, "/marks_deadline"),
    ({"marks_deadline": "2031-02-30"}, "/marks_deadline"),
    ({"marks_deadline": 20310505}, "/marks_deadline"),
    ({"sample_deadline": "2031-05-31T12:00:00Z"}, "/sample_deadline"),
    ({"evidence_until": None}, "/evidence_until"),
    ({"results_day": "2031-08-21"}, "/results_day"),
    ({"results_day": "2031-08-21T09:30:00"}, "/results_day"),
    ({"results_day": 1926833400}, "/results_day"),
]


@pytest.mark.parametrize(("changes", "pointer"), BAD_PAPERS, ids=str)
def test_a_bad_paper_is_refused(accounts: Accounts, changes: dict[str, Any], pointer: str) -> None:
    refused(accounts["board"].post(PAPERS, paper("BAD/01") | changes), 422, pointer)


def test_a_code_is_one_paper_of_its_series(accounts: Accounts) -> None:
    """Which shows, too, that none of the refused papers was kept."""
    board = accounts["board"]
    first = board.post(PAPERS, paper("BAD/01")).expect(201)["id"]
    refused(board.post(PAPERS, paper("BAD/01", title="ANOTHER")), 409, "/code")
    other = board.post(PAPERS, paper("BAD/01", series={"month": "JUNE", "year": 2030}))
    assert other.expect(201)["id"] != first


def test_what_is_not_known_is_passed_over(accounts: Accounts) -> None:
    """A client may be newer than the system."""
    accounts["board"].post(PAPERS, paper("NEW/01", colour="blue")).expect(201)


def test_a_centre_sees_the_papers_it_has_entries_for(
    accounts: Accounts, make_sheet: MakeSheet
) -> None:
    mine = make_sheet(1)
    papers = f"/api/marks/centres/{accounts.foreign_admin.user['centre_no']}/papers"
    theirs = accounts.foreign_admin.get(papers).expect(200)["papers"]
    assert mine.paper_id not in {one["id"] for one in theirs}
    assert theirs
    for one in theirs:
        shapes.check(one, **shapes.PAPER)
        assert one["state"] in STATES


def test_the_state_follows_the_work(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(2)

    def state() -> tuple[Any, ...]:
        paper = sheet.paper()
        return tuple(paper[name] for name in ("state", "candidates", "done", "left", "submitted"))

    assert state() == ("not_started", 2, 0, 2, 0)
    sheet.saved("0001", tasks=[5])
    assert state() == ("under_way", 2, 1, 1, 0)
    sheet.saved("0002", code="A")
    assert state() == ("complete", 2, 2, 0, 0)
    sheet.saved("0002", clear=True)
    assert state() == ("under_way", 2, 1, 1, 0)
    sheet.saved("0002", tasks=[0])
    sheet.submit()
    assert state() == ("submitted", 2, 2, 0, 2)
