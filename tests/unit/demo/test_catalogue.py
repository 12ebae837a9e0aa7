"""The demo keeps what the contract promises of it, on whatever day it is loaded."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.demo.catalogue import (
    PAPERS,
    PEOPLE,
    candidate,
    entries_file,
    marks_for,
    paper_body,
    seasons,
)
from services.marks.api.papers import PaperGiven
from services.marks.commands.entries import read_file

CENTRES = [number for number, _name in PEOPLE["centres"]]
ACCOUNTS: list[dict[str, Any]] = PEOPLE["accounts"]
FIRST_CENTRE = ACCOUNTS[0]["centre_no"]
DAYS = st.dates(date(2025, 1, 1), date(2045, 12, 31))
LEAP_DAY = date(2028, 2, 29)
KINDS: dict[str, Callable[[dict[str, Any]], object]] = {
    "one task": lambda paper: len(paper.get("tasks", [])) == 1,
    "several tasks": lambda paper: len(paper.get("tasks", [])) > 1,
    "outcomes": lambda paper: "outcomes" in paper,
    "linear": lambda paper: paper.get("linear"),
    "initials required": lambda paper: paper.get("initials_required"),
    "upload per candidate": lambda paper: paper.get("upload") == "candidate",
    "group upload": lambda paper: paper.get("upload") == "group",
    "linked": lambda paper: "linked_with" in paper,
    "of a consortium": lambda paper: "consortia" in paper,
    "bilingual": lambda paper: paper.get("bilingual"),
    "a slash in the code": lambda paper: "/" in paper["code"],
    "submitted": lambda paper: paper.get("fill") == "submitted",
    "past results day": lambda paper: paper["series"] == "before",
}


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_paper_of_every_kind(kind: str) -> None:
    assert [paper["code"] for paper in PAPERS if KINDS[kind](paper)]


def test_there_are_centres_papers_and_candidates_enough() -> None:
    assert len(CENTRES) == 3
    assert len(PAPERS) >= 12
    assert {paper["series"] for paper in PAPERS} == {"now", "before"}
    assert len([paper for paper in PAPERS if FIRST_CENTRE in paper["entries"]]) >= 8
    sizes = [number for paper in PAPERS for number in paper["entries"].values()]
    assert (min(sizes), max(sizes)) == (1, 250)


def test_the_accounts_are_those_of_the_contract() -> None:
    roles = Counter(account["role"] for account in ACCOUNTS)
    assert set(roles) == {"admin", "user", "user-no-iamis", "appointee", "board"}
    by_role = {account["role"]: account["centre_no"] for account in reversed(ACCOUNTS)}
    assert by_role["user"] == by_role["user-no-iamis"] == FIRST_CENTRE
    assert by_role["appointee"] is None
    assert by_role["board"] is None
    admins = [account["centre_no"] for account in ACCOUNTS if account["role"] == "admin"]
    assert admins == CENTRES
    assert len({account["email"] for account in ACCOUNTS}) == len(ACCOUNTS)


def test_codes_are_unique_and_links_go_back() -> None:
    codes = [paper["code"] for paper in PAPERS]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch("[0-9A-Z/]{4,10}", code) for code in codes)
    for place, paper in enumerate(PAPERS):
        assert paper.get("linked_with", codes[0]) in codes[: place + 1]


@given(today=DAYS)
def test_dates_are_around_the_day_it_is_loaded(today: date) -> None:
    now, before = (season.dates(today) for season in seasons(today).values())
    assert before["results_day"] < today.isoformat() < now["marks_deadline"]
    for dates in (now, before):
        assert dates["marks_deadline"] < dates["sample_deadline"] < dates["evidence_until"]
        assert dates["evidence_until"] < dates["results_day"]
        assert datetime.fromisoformat(dates["results_day"]).tzinfo


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper["code"]))
def test_marks_takes_every_paper(paper: dict[str, Any]) -> None:
    given_paper = PaperGiven.model_validate(paper_body(paper, LEAP_DAY))
    assert (given_paper.tasks is None) != (given_paper.outcomes is None)


def test_marks_reads_every_entry() -> None:
    text = entries_file(LEAP_DAY)
    read = read_file(text.encode().splitlines(keepends=True))
    read.findings.refuse()
    assert len(read.entries) == sum(sum(paper["entries"].values()) for paper in PAPERS)
    assert entries_file(LEAP_DAY) == text


def test_a_candidate_is_the_same_person_in_every_paper() -> None:
    assert candidate("68101", 7) == candidate("68101", 7)
    numbers = [candidate("68101", index)["candidate_no"] for index in range(250)]
    assert len(set(numbers)) == 250
    assert {len(number) for number in numbers} == {4}


def listed(count: int, complete: int = 0) -> list[dict[str, Any]]:
    """Candidates as a marksheet lists them, the first of them with their marks."""
    return [
        {**candidate("68101", index), "version": 1, "complete": index < complete, "locked": False}
        for index in range(count)
    ]


FILLED = [paper for paper in PAPERS if "fill" in paper]


@pytest.mark.parametrize("paper", FILLED, ids=lambda paper: str(paper["code"]))
def test_marks_are_possible_and_the_same_after_an_interruption(paper: dict[str, Any]) -> None:
    whole = marks_for(paper, listed(40))
    assert len(whole) == (20 if paper["fill"] == "half" else 40)
    assert marks_for(paper, listed(40, complete=15)) == whole[15:]
    for mark in whole:
        if "tasks" in mark:
            pairs = zip(mark["tasks"], paper["tasks"], strict=True)
            assert all(0 <= scored <= most for scored, (_name, most) in pairs)
        else:
            codes = {"A", "CF"} if paper.get("linear") else {"A"}
            assert mark.get("code") in codes or mark["outcome"] in paper["outcomes"]


def test_marks_are_carried_forward_on_a_linear_paper() -> None:
    linear = [paper for paper in FILLED if paper.get("linear")]
    counts = [(paper, number) for paper in linear for number in paper["entries"].values()]
    codes = [
        mark.get("code") for paper, number in counts for mark in marks_for(paper, listed(number))
    ]
    assert "CF" in codes


def test_what_is_locked_is_left_alone() -> None:
    locked = [one | {"locked": True} for one in listed(5)]
    assert marks_for(FILLED[0], locked) == []
