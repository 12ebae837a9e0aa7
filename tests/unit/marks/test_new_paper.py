"""What the board may add to the catalogue."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.marks import models as marks
from services.marks.domain.new_paper import LONGEST_OUTCOME, problems, tidied
from services.marks.domain.paper import NewPaper, PaperRules, Series, Task
from services.reports import models as reports
from services.sampling import models as sampling
from services.sampling.domain import Reason, ReasonCode, describe

TODAY = date(2030, 9, 1)
TASKS = PaperRules(tasks=(Task("Task 1", 40), Task("Task 2", 40)))
PAPER = NewPaper(
    code="3700U1",
    title="ENGLISH LANGUAGE",
    unit="UNIT 1 ORACY",
    qualification="GCSE",
    series=Series("JUNE", 2031),
    board="WJEC",
    rules=TASKS,
    sample_policy="wjec-rank-order",
    upload="none",
    tolerance=3,
    marks_deadline=date(2031, 5, 10),
    sample_deadline=date(2031, 5, 17),
    evidence_until=date(2031, 5, 31),
    results_day=datetime(2031, 8, 21, 7, tzinfo=UTC),
)


def outcomes(*names: str, not_classified: str = "Not classified") -> PaperRules:
    return PaperRules(outcomes=names, not_classified=not_classified)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"code": "9791/01"},
        {"unit": ""},
        {"upload": "candidate"},
        {"upload": "group"},
        {"evidence_pieces": ("Case Study 1", "Case Study 2")},
        {"max_file_mib": 5120, "evidence_advice": "Films as MP4, please."},
        {"upload_guide": "https://board.example/guide.pdf"},
        {"work_to": "Surpass"},
        {"tolerance": 0},
        {"sample_deadline": date(2031, 5, 10)},
        {"rules": outcomes("Distinction", "Merit", "Pass")},
        {"rules": outcomes("Pass", "Fail", not_classified="Fail")},
        {"results_day": datetime(2021, 8, 21, 7, tzinfo=UTC)},
        {"evidence_until": date(2031, 4, 1)},
    ],
)
def test_a_paper_may_be(change: dict[str, Any]) -> None:
    assert problems(replace(PAPER, **change), TODAY) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"code": "370"}, "/code"),
        ({"code": "3700u1"}, "/code"),
        ({"code": "3700U1\n"}, "/code"),
        ({"code": "12345678901"}, "/code"),
        ({"title": " "}, "/title"),
        ({"qualification": ""}, "/qualification"),
        ({"board": "WJ\x00EC"}, "/board"),
        ({"sample_policy": ""}, "/sample_policy"),
        ({"unit": "x" * 256}, "/unit"),
        ({"max_file_mib": -1}, "/max_file_mib"),
        ({"max_file_mib": 5121}, "/max_file_mib"),
        ({"evidence_advice": "x" * 256}, "/evidence_advice"),
        ({"upload_guide": "javascript:alert(1)"}, "/upload_guide"),
        ({"upload_guide": "https://"}, "/upload_guide"),
        ({"upload_guide": "https://a.example/ b"}, "/upload_guide"),
        ({"work_to": "a\nb"}, "/work_to"),
        ({"upload": "both"}, "/upload"),
        ({"tolerance": -1}, "/tolerance"),
        ({"tolerance": 10**20}, "/tolerance"),
        ({"evidence_pieces": ("Essay", " essay")}, "/evidence_pieces/1"),
        ({"sample_deadline": date(2031, 5, 9)}, "/sample_deadline"),
        ({"results_day": PAPER.results_day.replace(tzinfo=None)}, "/results_day"),
        ({"rules": PaperRules()}, "/tasks"),
        ({"rules": PaperRules(tasks=TASKS.tasks, outcomes=("Pass",))}, "/tasks"),
        ({"rules": PaperRules(tasks=())}, "/tasks"),
        ({"rules": PaperRules(tasks=TASKS.tasks and TASKS.tasks * 26)}, "/tasks"),
        ({"rules": PaperRules(tasks=(Task("", 40),))}, "/tasks/0/name"),
        ({"rules": PaperRules(tasks=(Task("a", 1), Task("b", 0)))}, "/tasks/1/max"),
        ({"rules": PaperRules(tasks=(Task("a", 10**20),))}, "/tasks/0/max"),
        ({"rules": outcomes()}, "/outcomes"),
        ({"rules": outcomes("Pass", "")}, "/outcomes/1"),
        ({"rules": outcomes("Pass", "PASS")}, "/outcomes/1"),
        ({"rules": outcomes("Pass", "x" * 61)}, "/outcomes/1"),
        ({"rules": outcomes("Pass", not_classified=" ")}, "/not_classified"),
        ({"rules": outcomes("Pass", not_classified="x" * 61)}, "/not_classified"),
        ({"rules": replace(TASKS, not_classified="\ud800")}, "/not_classified"),
    ],
)
def test_a_paper_may_not_be(change: dict[str, Any], pointer: str) -> None:
    assert [error.pointer for error in problems(replace(PAPER, **change), TODAY)] == [pointer]


def test_a_deadline_is_no_more_than_50_years_from_its_series_or_from_now() -> None:
    paper = replace(PAPER, series=Series("JUNE", 2020), sample_deadline=date(2080, 12, 31))
    assert problems(paper, TODAY) == []
    paper = replace(paper, sample_deadline=date(2081, 1, 1))
    assert [error.pointer for error in problems(paper, TODAY)] == ["/sample_deadline"]
    assert problems(paper, date(2031, 1, 1)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"marks_deadline": date(1999, 12, 31)},
        {"sample_deadline": date(9999, 12, 31)},
        {"evidence_until": date(9999, 12, 31)},
        {"evidence_until": date(1, 1, 1)},
        {"results_day": datetime(3000, 1, 1, tzinfo=UTC)},
        {"results_day": datetime(1999, 12, 31, tzinfo=UTC)},
    ],
)
def test_no_date_is_so_far_away_that_it_cannot_be_moved(change: dict[str, Any]) -> None:
    named = [error.pointer for error in problems(replace(PAPER, **change), TODAY)]
    assert named == [f"/{name}" for name in change]


def test_all_that_is_wrong_is_named_at_once() -> None:
    paper = replace(PAPER, code="x", title="", rules=PaperRules(tasks=(Task("", 0),)))
    pointers = {error.pointer for error in problems(paper, TODAY)}
    assert pointers == {"/code", "/title", "/tasks/0/name", "/tasks/0/max"}


def test_the_one_not_classified_is_written_as_it_stands_among_the_outcomes() -> None:
    """Sampling, which leaves it out, knows it by its spelling."""
    rules = outcomes("Pass", " NOT CLASSIFIED", not_classified="Not classified")
    kept = tidied(replace(PAPER, rules=rules)).rules
    assert kept.not_classified == "NOT CLASSIFIED"
    assert kept.all_outcomes == ("Pass", "NOT CLASSIFIED")


def test_the_longest_outcome_has_room_where_it_is_kept() -> None:
    """Services import no other service; this test looks at all of them."""
    for column in (sampling.Paper.not_classified, sampling.SubmittedCandidate.outcome):
        assert column.type.length >= LONGEST_OUTCOME
    assert reports.Candidate.outcome.type.length >= LONGEST_OUTCOME
    values: dict[str, int | str] = {"outcome": "x" * LONGEST_OUTCOME, "size": 9999, "each": 9999}
    for code in (ReasonCode.OUTCOME, ReasonCode.SHORTFALL):
        assert len(describe(Reason(code, values))) <= marks.Candidate.sample_reason.type.length


def test_a_new_paper_knows_its_title() -> None:
    assert PAPER.full_title == "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)"
