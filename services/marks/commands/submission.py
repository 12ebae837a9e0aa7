"""Submitting marks: the centre's final act for a sheet."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.marks.commands.sheet import HeldSheet, hold_sheet, snapshot
from services.marks.domain.sheet import SheetKey
from services.marks.domain.submission import DECLARATIONS, check_declarations, require_complete
from services.marks.models import Candidate, Submission
from services.marks.queries.submission import (
    ReceiptJson,
    incomplete_of,
    last_number,
    receipt_json,
    submissions_of,
    waiting_of,
)
from shared import audit, clock
from shared.access.principal import Principal
from shared.errors import ConflictError
from shared.events.outbox import emit
from shared.i18n import gettext as _
from shared.ids import new_id


def submit(
    session: Session, who: Principal, key: SheetKey, body: Mapping[str, Any]
) -> tuple[ReceiptJson, bool]:
    """Submit all that waits; the receipt, and whether it is new.

    With nothing waiting it is the receipt of the first submission again. UnprocessableError where
    a declaration is missing, ConflictError naming every candidate that is not complete.
    """
    check_declarations(body)
    with hold_sheet(session, who, key) as sheet:
        waiting = waiting_of(session, key.centre_no, key.paper_id)
        earlier = submissions_of(session, key.centre_no, key.paper_id)
        if earlier and not waiting:
            return receipt_json(earlier[0]), False
        _require_ready(sheet, waiting)
        sheet.require_open()
        submission = _make(sheet, waiting, first=not earlier)
        receipt = receipt_json(submission)
        emit(session, "marks.submitted.v1", str(key), _event(sheet, submission, receipt))
        audit.record(session, who, "marks.submitted", str(key), audit.Change(after=dict(receipt)))
    return receipt, True


def _require_ready(sheet: HeldSheet, waiting: Sequence[Candidate]) -> None:
    if not waiting:
        said = _("There are no candidates to submit.")
        raise ConflictError(said, slug="no-candidates", extra={"missing": []})
    require_complete(incomplete_of(sheet.rules, waiting))


def _make(sheet: HeldSheet, waiting: Sequence[Candidate], *, first: bool) -> Submission:
    """Lock the candidates and record that it was done."""
    number = last_number(sheet.session, *sheet.key) + 1
    submission = Submission(
        id=new_id(),
        centre_no=sheet.key.centre_no,
        paper_id=sheet.key.paper_id,
        number=number,
        kind="first" if first else "supplementary",
        submitted_at=clock.now(),
        by_id=sheet.who.user_id,
        by=sheet.who.name,
        candidates=len(waiting),
        declarations=dict.fromkeys(DECLARATIONS, True),
    )
    sheet.session.add(submission)
    lock = update(Candidate).where(
        Candidate.centre_no == sheet.key.centre_no,
        Candidate.paper_id == sheet.key.paper_id,
        Candidate.submission.is_(None),
        Candidate.withdrawn.is_(False),
    )
    sheet.session.execute(lock.values(submission=number, changed=sheet.next_cursor()))
    return submission


def _event(sheet: HeldSheet, submission: Submission, receipt: ReceiptJson) -> dict[str, object]:
    """Every submitted candidate of the sheet, those of earlier submissions too."""
    submitted = select(Candidate).where(
        Candidate.centre_no == sheet.key.centre_no,
        Candidate.paper_id == sheet.key.paper_id,
        Candidate.submission.is_not(None),
        Candidate.withdrawn.is_(False),
    )
    found = sheet.session.scalars(submitted.order_by(Candidate.candidate_no))
    return {
        "centre_no": sheet.key.centre_no,
        "paper_id": sheet.key.paper_id,
        "kind": receipt["kind"],
        "submitted_at": receipt["submitted_at"],
        "submitted_by": submission.by_id,
        "candidates": [event_line(candidate) for candidate in found],
    }


def event_line(candidate: Candidate) -> dict[str, object]:
    """A candidate in the data of `marks.submitted.v1`."""
    return {
        "candidate_no": candidate.candidate_no,
        "tasks": candidate.tasks,
        "total": candidate.total,
        "effective_tasks": snapshot(candidate)["tasks"],
        "effective_total": candidate.effective_total,
        "code": candidate.code,
        "outcome": candidate.outcome,
        "initials": candidate.initials,
    }
