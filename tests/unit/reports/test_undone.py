"""A moderator's report on a submission that was undone: nothing of it reaches the centre."""

from typing import Any

import pytest
from sqlalchemy import select

from services.reports.commands.moderator_reports import write_report
from services.reports.commands.rebuilding import forget_all
from services.reports.commands.releases import announce_due
from services.reports.domain.moderator_report import Sections
from services.reports.present import published
from shared.audit import AuditRow
from shared.errors import NotFoundError
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest
from tests.unit.reports.attaching import FILES, added
from tests.unit.reports.builders import CENTRE, PAPER, SHEET, mark, reopened, submission, submit
from tests.unit.reports.test_approval import (
    ADMIN,
    APPROVED,
    RETURNED,
    approval,
    decide,
    listed,
    results_are_out,
)
from tests.unit.reports.test_moderator_report import PAST, REPORT, read, submitted, write

STATES = ("waiting", "approved", "returned", "undone")
UNDONE = {"state": "undone"}


def undo(service: ServiceUnderTest, sequence: int | None = None) -> None:
    given: dict[str, Any] = {} if sequence is None else {"sequence": sequence}
    service.deliver("submission.reopened.v1", SHEET, reopened(), **given)


def submit_again(service: ServiceUnderTest) -> None:
    submit(service, mark("0001", 2, 2))


@pytest.mark.parametrize("is_approved", [True, False])
@pytest.mark.parametrize("is_submitted_again", [True, False])
def test_it_is_held_whatever_the_board_said(
    written: ServiceUnderTest,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_approved: bool,
    is_submitted_again: bool,
) -> None:
    file = added(written)
    if is_approved:
        decide(written, APPROVED | {"version": 2})
    undo(written)
    if is_submitted_again:
        submit_again(written)
    results_are_out(monkeypatch)
    for path in (REPORT, f"{REPORT}?format=pdf", f"{FILES}/{file['id']}"):
        assert written.call("GET", path, ADMIN).status_code == 404
    assert approval(written, BOARD) == UNDONE
    assert (read(written, BOARD).json or {})["released"] is False
    assert written.database.run(announce_due) == 0


def test_written_anew_it_is_about_what_is_submitted_now(
    written: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(written, APPROVED)
    undo(written)
    submit_again(written)
    assert approval(written) == UNDONE
    assert write(written).status_code == 200
    assert approval(written) == {"state": "waiting"}
    results_are_out(monkeypatch)
    assert read(written, ADMIN).status_code == 200
    assert written.database.run(announce_due) == 1


def test_nobody_writes_while_nothing_is_submitted(written: ServiceUnderTest) -> None:
    undo(written)
    assert write(written).status_code == 404
    texts = Sections("t", "a", "a"), "accepted"
    with written.transaction() as session, pytest.raises(NotFoundError):
        write_report(session, MODERATOR, (CENTRE, PAPER), texts, None)  # type: ignore[arg-type]
    assert approval(written, BOARD) == UNDONE


def test_neither_files_nor_a_form_of_before_lift_it(written: ServiceUnderTest) -> None:
    undo(written)
    submit_again(written)
    assert write(written, version=1).status_code == 409
    added(written)
    assert approval(written) == UNDONE
    assert write(written, version=3).status_code == 200
    assert approval(written) == {"state": "waiting"}


@pytest.mark.parametrize("body", [APPROVED, RETURNED])
def test_the_board_has_nothing_to_decide_on(
    written: ServiceUnderTest, body: dict[str, Any]
) -> None:
    undo(written)
    submit_again(written)
    refused = decide(written, body | {"version": 2})
    assert refused.status_code == 409
    assert (refused.json or {})["type"] == "urn:iamis:problem:undone"
    assert approval(written) == UNDONE


@pytest.mark.parametrize("before", [None, APPROVED, RETURNED])
def test_it_is_listed_as_undone_alone(
    written: ServiceUnderTest, before: dict[str, Any] | None
) -> None:
    if before:
        decide(written, before)
    undo(written)
    here = [(CENTRE, PAPER)]
    assert [listed(written, state) for state in STATES] == [[], [], [], here]
    assert listed(written, "undone", MODERATOR) == here
    submit_again(written)
    write(written)
    assert [listed(written, state) for state in STATES] == [here, [], [], []]


def test_one_that_was_released_is_taken_back_and_told_of_again(service: ServiceUnderTest) -> None:
    submitted(service, PAST)
    write(service)
    assert service.database.run(announce_due) == 1
    undo(service)
    assert read(service, ADMIN).status_code == 404
    with service.database.reading() as session:
        assert list(published(session)) == []
    submit_again(service)
    write(service)
    assert read(service, ADMIN).status_code == 200
    assert service.database.run(announce_due) == 1


def test_an_undoing_heard_of_late_holds_nothing_newer(written: ServiceUnderTest) -> None:
    marks = submission(mark("0001", 2, 2))
    written.deliver("marks.submitted.v1", SHEET, marks, sequence=90)
    write(written)
    undo(written, sequence=80)
    assert approval(written) == {"state": "waiting"}
    undo(written, sequence=100)
    assert approval(written, BOARD) == UNDONE


def test_an_undoing_heard_of_late_holds_what_is_older(written: ServiceUnderTest) -> None:
    marks = submission(mark("0001", 2, 2))
    written.deliver("marks.submitted.v1", SHEET, marks, sequence=90)
    undo(written, sequence=80)
    assert approval(written) == UNDONE


def test_it_is_held_after_all_else_is_forgotten_and_told_again(written: ServiceUnderTest) -> None:
    undo(written)
    written.database.run(forget_all)
    submitted(written)
    assert approval(written) == UNDONE


def test_it_is_audited_once(written: ServiceUnderTest) -> None:
    undo(written)
    undo(written)
    with written.database.reading() as session:
        wanted = select(AuditRow).where(AuditRow.action == "moderator_report.undone")
        (row,) = session.scalars(wanted).all()
    assert (row.subject, row.before, row.after) == (SHEET, {"version": 1}, {"version": 2})
