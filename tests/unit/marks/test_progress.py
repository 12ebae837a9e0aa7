"""Counting candidates of a sheet."""

import pytest

from services.marks.domain.marking import Mark
from services.marks.domain.sheet import Progress
from services.marks.models import Submission
from services.marks.queries.progress import NOTHING, progress_of
from shared import clock
from tests.support.service import ServiceUnderTest
from tests.unit.marks.builders import (
    CENTRE,
    OTHER_CENTRE,
    make_paper,
    make_sheet,
    make_submission,
)

BEGUN = Mark(tasks=(15, None))
DONE = Mark(tasks=(15, 20))
ABSENT = Mark(tasks=(None, None), code="A")


def test_candidates_are_counted_by_paper(marks: ServiceUnderTest) -> None:
    paper, other, empty = (make_paper(marks, code=code) for code in ("1111", "2222", "3333"))
    make_sheet(marks, paper, "0001", mark=DONE)
    make_submission(marks, paper)
    make_sheet(marks, paper, "0002", mark=ABSENT)
    make_sheet(marks, other, "0009", mark=DONE, clerical_error={"total": 1})
    make_sheet(marks, paper, "0003", mark=BEGUN)
    make_sheet(marks, paper, "0004")
    make_sheet(marks, paper, "0005", mark=DONE, withdrawn=True)
    make_sheet(marks, paper, "0006", mark=DONE, centre_no=OTHER_CENTRE)
    make_sheet(marks, other, "0001", "0002")
    make_sheet(marks, empty, "0001", withdrawn=True)
    with marks.transaction() as session:
        found = progress_of(session, CENTRE, [paper, other, empty])
    assert found == {
        paper: Progress(4, started=3, done=2, submitted=1, was_submitted=True, is_submitted=True),
        other: Progress(candidates=3, started=1, done=1, submitted=0, corrected=1),
        empty: NOTHING,
    }


@pytest.mark.parametrize(
    ("mark", "state"),
    [(None, "not_started"), (BEGUN, "under_way"), (DONE, "complete"), (ABSENT, "complete")],
)
def test_the_state_follows_the_marks(
    marks: ServiceUnderTest, mark: Mark | None, state: str
) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", mark=mark)
    with marks.transaction() as session:
        assert progress_of(session, CENTRE, [paper])[paper].state == state


def test_a_submission_stands_until_it_is_undone(marks: ServiceUnderTest) -> None:
    """Also where all who were submitted are withdrawn: the board corrects a candidate number."""
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", mark=DONE, withdrawn=True)
    make_submission(marks, paper)

    def state() -> str:
        with marks.transaction() as session:
            return progress_of(session, CENTRE, [paper])[paper].state

    assert state() == "submitted"
    make_sheet(marks, paper, "0002")
    assert state() == "reopened"
    with marks.transaction() as session:
        session.query(Submission).update({"undone_at": clock.now()})
        undone = progress_of(session, CENTRE, [paper])[paper]
    assert (undone.state, undone.was_submitted) == ("not_started", True)
