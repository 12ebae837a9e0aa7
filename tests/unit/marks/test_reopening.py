"""Undoing a submission made by mistake."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.marks.domain.marking import Mark
from services.marks.models import Sheet, Submission
from shared import clock
from shared.audit import AuditRow
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of, rows_of
from tests.unit.marks.builders import CENTRE, OTHER_CENTRE, make_paper, make_sheet
from tests.unit.marks.sheets import ADMIN, get, line_of, pointers, put, read, sheet_path, submit

WHY = "Sent before the standardisation"


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", "0002", mark=Mark(tasks=(15, 20)))
    return paper


def reopen(marks: ServiceUnderTest, paper: str, who: Any = BOARD, reason: object = WHY) -> Any:
    path = sheet_path(paper, "submission/reopening")
    return marks.call("POST", path, who, json={"reason": reason})


def test_every_mark_can_be_changed_again(marks: ServiceUnderTest, paper: str) -> None:
    submit(marks, paper)
    line = {"candidate_no": "0001", "chosen_by": "system", "reason": "top", "at": AT, "due": None}
    sheet = {"centre_no": CENTRE, "paper_id": paper, "policy": "p", "at": AT}
    sample = {**sheet, "candidates": [line]}
    marks.deliver("sample.generated.v1", f"{CENTRE}/{paper}", sample)
    cursor = read(marks, paper)["cursor"]
    done = reopen(marks, paper)
    assert (done.status_code, done.json["receipt"], done.json["ready"]) == (200, None, True)
    read_again = read(marks, paper, changed_since=cursor)
    assert [one["sample"] for one in read_again["candidates"]] == [None, None]
    assert (read_again["paper"]["state"], read_again["total"]) == ("complete", 2)
    assert put(marks, paper, "0001", {"tasks": [1, 1]}).status_code == 200


AT = "2031-05-01T12:00:00Z"


@pytest.mark.parametrize("late", [False, True])
def test_after_a_deadline_that_closes_it_is_open_again(
    marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch, *, late: bool
) -> None:
    paper = make_paper(marks, after_deadline="closed")
    make_sheet(marks, paper, "0001", mark=Mark(tasks=(15, 20)))
    assert submit(marks, paper).status_code == 201
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 5, 12, 12, tzinfo=UTC))
    if late:
        make_sheet(marks, paper, "0002")
    else:
        reopen(marks, paper)
    told = read(marks, paper)["paper"]
    assert (told["deadline_passed"], told["closed"]) == (True, False)
    assert put(marks, paper, "0002" if late else "0001", {"tasks": [1, 1]}).status_code == 200
    assert submit(marks, paper).status_code == 201


def test_the_next_submission_is_a_first_one(marks: ServiceUnderTest, paper: str) -> None:
    undone = submit(marks, paper).json
    reopen(marks, paper)
    again = submit(marks, paper)
    assert undone is not None
    assert again.json is not None
    assert (again.status_code, again.json["kind"], again.json["number"]) == (201, "first", 2)
    assert submit(marks, paper).json == again.json
    assert get(marks, sheet_path(paper, "submission"))["receipts"] == [again.json]
    assert [event.data["kind"] for event in marks.emitted("marks.submitted.v1")] == ["first"] * 2
    with marks.transaction() as session:
        kept = [row.undone_at is None for row in rows_of(session, Submission)]
    assert kept == [False, True]


def test_it_is_told_and_audited(marks: ServiceUnderTest, paper: str) -> None:
    submit(marks, paper)
    reopen(marks, paper)
    (event,) = marks.emitted("submission.reopened.v1")
    counts = {"submissions": 1, "candidates": 2}
    assert (event.data["before"], event.data["why"]) == (counts, WHY)
    with marks.transaction() as session:
        audited = rows_of(session, AuditRow)[-1]
        assert (audited.action, audited.by_id, audited.why) == (
            "submission.reopened",
            BOARD.user_id,
            WHY,
        )


def test_a_clerical_error_goes_with_it(marks: ServiceUnderTest, paper: str) -> None:
    submit(marks, paper)
    marks.allocate(CENTRE, paper)
    error = {"candidate_no": "0001", "total": 50, "reason": "Added up wrongly"}
    marks.call("POST", sheet_path(paper, "clerical-errors"), MODERATOR, json=error)
    reopen(marks, paper)
    line = line_of(marks, paper, "0001")
    assert (line["effective_total"], line["clerical_error"]) == (35, None)
    path = sheet_path(paper)
    assert marks.call("GET", path, MODERATOR).status_code == 404


def test_only_the_corrections_of_what_is_submitted_now_are_listed(
    marks: ServiceUnderTest, paper: str
) -> None:
    def record(total: int) -> list[int]:
        error = {"candidate_no": "0001", "total": total, "reason": "Added up wrongly"}
        made = marks.call("POST", sheet_path(paper, "clerical-errors"), MODERATOR, json=error)
        assert made.status_code == 201
        return listed()

    def listed() -> list[int]:
        found = get(marks, sheet_path(paper, "clerical-errors"))["clerical_errors"]
        return [one["amended"]["total"] for one in found]

    marks.allocate(CENTRE, paper)
    submit(marks, paper)
    assert record(50) == [50]
    reopen(marks, paper)
    assert listed() == []
    submit(marks, paper)
    assert record(51) == [51]


def test_what_sampling_tells_late_of_it_comes_to_nothing(
    marks: ServiceUnderTest, paper: str
) -> None:
    submit(marks, paper)
    reopen(marks, paper)
    subject, sheet = f"{CENTRE}/{paper}", {"centre_no": CENTRE, "paper_id": paper}
    line = {"candidate_no": "0001", "chosen_by": "system", "reason": "top", "at": AT, "due": None}
    sample = {**sheet, "policy": "p", "at": AT, "candidates": [line]}
    marks.deliver("sample.generated.v1", subject, sample)
    mark = {"total": 35, "outcome": None}
    told = [{"candidate_no": "0001", "from": mark, "to": mark}]
    by = {"decided_by": "b", "decided_at": AT, "release_at": AT}
    decided = {**sheet, **by, "outcome": "accepted", "marks": told}
    marks.deliver("moderation.decided.v1", subject, decided)
    assert line_of(marks, paper, "0001")["sample"] is None
    with marks.transaction() as session:
        assert session.get_one(Sheet, (CENTRE, paper)).moderation is None


def test_what_is_not_submitted_cannot_be_undone(marks: ServiceUnderTest, paper: str) -> None:
    assert reopen(marks, paper).status_code == 409
    submit(marks, paper)
    refused = reopen(marks, paper, reason="")
    assert (refused.status_code, pointers(refused)) == (422, ["/reason"])


@pytest.mark.parametrize(
    ("who", "status"), [(ADMIN, 403), (admin_of(OTHER_CENTRE), 404), (MODERATOR, 404)]
)
def test_only_the_board_undoes(marks: ServiceUnderTest, paper: str, who: Any, status: int) -> None:
    submit(marks, paper)
    assert reopen(marks, paper, who).status_code == status
