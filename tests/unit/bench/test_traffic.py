"""What the generator of deadline day is told to do."""

import json
from collections import Counter
from typing import Any, cast

import pytest

from tests.bench.board import Board
from tests.bench.deadline import Run
from tests.bench.traffic import KINDS, MARKS, SAVE, SUBMISSIONS, SUBMIT, Traffic, Visit
from tests.bench.visitors import Outcome, Told

PAPERS = [f"p{number}" for number in range(8)]
SHARE, SECONDS = 0.5, 20.0


@pytest.fixture
def traffic() -> Traffic:
    nothing_runs = cast("Any", None)
    board = Board(nothing_runs, nothing_runs, len(PAPERS), 48, 300)
    board.__dict__["paper_ids"] = PAPERS
    return Traffic(board)


@pytest.fixture
def visits(traffic: Traffic) -> list[Visit]:
    return traffic.plan(SHARE, SECONDS)


def test_people_come_at_the_rate_in_the_order_of_time(visits: list[Visit]) -> None:
    assert [visit.at for visit in visits] == sorted(visit.at for visit in visits)
    assert visits[0].at > 0
    assert visits[-1].at < SECONDS
    counted = Counter(visit.kind for visit in visits)
    assert counted.keys() == set(KINDS)
    for kind in set(KINDS) - {SAVE}:
        assert counted[kind] == pytest.approx(SHARE * SUBMISSIONS * SECONDS, rel=0.25)
    marks = sum(len(visit.marks) for visit in visits)
    assert marks == pytest.approx(SHARE * MARKS * SECONDS, rel=0.1)


def test_nobody_is_given_two_marks_and_no_sheet_is_submitted_twice(
    traffic: Traffic, visits: list[Visit]
) -> None:
    everything = visits + traffic.plan(SHARE, SECONDS / 4)
    given = Counter(
        (visit.centre_no, visit.paper_id, number) for visit in everything for number in visit.marks
    )
    submitted = Counter((v.centre_no, v.paper_id) for v in everything if v.kind == SUBMIT)
    assert set(given.values()) == set(submitted.values()) == {1}
    assert not submitted.keys() & {key[:2] for key in given}


def test_a_batch_is_a_mark_some_or_a_class(visits: list[Visit]) -> None:
    saves = [visit for visit in visits if visit.kind == SAVE]
    assert {len(visit.marks) for visit in saves} == {1, 2, 5, 10, 12, 48}
    rows = json.loads(saves[0].body)["candidates"]
    assert {row["candidate_no"]: row["tasks"] for row in rows} == {
        number: [mark] for number, mark in saves[0].marks.items()
    }


def run_of(*told: Told, behind: float = 0.0) -> Run:
    visits = [Visit(0.1, SAVE, "10000", "p", {"0001": 5, "0002": 6})] * len(told)
    return Run(0.5, 20.0, visits, Outcome(told, 0.1, 20.0), behind, {})


@pytest.mark.parametrize(
    ("seconds", "status", "said", "behind", "carried"),
    [
        (0.1, 200, "2", 0.0, True),
        (0.1, 200, "1", 0.0, False),
        (0.1, 503, "", 0.0, False),
        (0.1, 0, "ConnectionResetError", 0.0, False),
        (5.0, 200, "2", 0.0, False),
        (0.1, 200, "2", 9.0, False),
    ],
)
def test_a_rate_is_carried_where_all_is_saved_soon_and_told_soon(
    seconds: float, status: int, said: str, behind: float, *, carried: bool
) -> None:
    told = [Told(place, seconds, status, said) for place in range(3)]
    run = run_of(*told, behind=behind)
    assert run.carried is carried
    assert len(run.acknowledged) == (3 if status == 200 else 0)
