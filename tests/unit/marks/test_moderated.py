"""What became of the marks in moderation, on the marksheet: from results day and not before."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.marks.domain.marking import Mark
from services.marks.models import Candidate, Sheet
from shared import clock
from shared.events.models import Watermark
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, rows_of
from tests.unit.marks.builders import CENTRE, make_paper, make_sheet, make_submission
from tests.unit.marks.sheets import ADMIN, get, line_of, sheet_path

EVENT = "moderation.decided.v1"
RESULTS_DAY = datetime.fromisoformat("2031-08-21T08:00:00+01:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
def paper(marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch) -> str:
    paper = make_paper(marks, results_day=RESULTS_DAY)
    make_sheet(marks, paper, "0001", mark=Mark(tasks=(15, 20)))
    make_submission(marks, paper)
    marks.allocate(CENTRE, paper)
    at(monkeypatch, RESULTS_DAY - SECOND)
    return paper


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def decide(marks: ServiceUnderTest, paper: str, total: int = 31, **told: Any) -> None:
    settled = {
        "candidate_no": "0001",
        "from": {"total": 35, "outcome": None},
        "to": {"total": total, "outcome": None},
    }
    data = {
        "centre_no": CENTRE,
        "paper_id": paper,
        "outcome": "adjusted",
        "decided_by": "board-1",
        "decided_at": "2031-07-01T12:00:00Z",
        "release_at": RESULTS_DAY.isoformat(),
        "marks": [settled],
    }
    marks.deliver(EVENT, f"{CENTRE}/{paper}", data, **told)


@pytest.mark.parametrize("who", [ADMIN, MODERATOR, BOARD])
def test_nothing_is_shown_before_results_day(
    marks: ServiceUnderTest, paper: str, monkeypatch: pytest.MonkeyPatch, who: Any
) -> None:
    before = get(marks, sheet_path(paper), who)
    decide(marks, paper)
    assert get(marks, sheet_path(paper), who) == before
    assert get(marks, sheet_path(paper), who, changed_since=before["cursor"])["candidates"] == []
    for now in (RESULTS_DAY, RESULTS_DAY + SECOND):
        at(monkeypatch, now)
        sheet = get(marks, sheet_path(paper), who)
        assert sheet["moderation"] == "adjusted"
        assert sheet["candidates"][0]["moderated"] == {"total": 31, "outcome": None}
        assert sheet["candidates"][0]["effective_total"] == 35


def test_the_newest_word_stands(
    marks: ServiceUnderTest, paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(marks, paper, 30, sequence=9)
    decide(marks, paper, 29, sequence=8)
    at(monkeypatch, RESULTS_DAY)
    assert line_of(marks, paper, "0001")["moderated"] == {"total": 30, "outcome": None}


def give_back(marks: ServiceUnderTest, paper: str, **told: Any) -> None:
    data = {
        "centre_no": CENTRE,
        "paper_id": paper,
        "returned_by": "board-1",
        "returned_at": "2031-07-02T12:00:00Z",
    }
    marks.deliver("moderation.returned.v1", f"{CENTRE}/{paper}", data, **told)


@pytest.mark.parametrize("late", [False, True])
def test_what_was_given_back_is_never_shown(
    marks: ServiceUnderTest, paper: str, monkeypatch: pytest.MonkeyPatch, *, late: bool
) -> None:
    if not late:
        decide(marks, paper, 30, sequence=8)
    give_back(marks, paper, sequence=9)
    if late:
        decide(marks, paper, 30, sequence=8)
    at(monkeypatch, RESULTS_DAY)
    assert get(marks, sheet_path(paper), ADMIN)["moderation"] is None
    assert line_of(marks, paper, "0001")["moderated"] is None
    decide(marks, paper, 29, sequence=10)
    assert line_of(marks, paper, "0001")["moderated"] == {"total": 29, "outcome": None}


def test_of_a_sheet_that_is_not_there_nothing_is_kept(marks: ServiceUnderTest) -> None:
    decide(marks, "another")
    with marks.database.reading() as session:
        assert [rows_of(session, model) for model in (Sheet, Candidate, Watermark)] == [[]] * 3
