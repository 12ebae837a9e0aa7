"""Undoing a submission made by mistake: the board opens every mark of the sheet again."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.marks.commands.sheet import HeldSheet, hold_sheet, snapshot
from services.marks.domain.json_values import read_object
from services.marks.domain.requests import read_reason
from services.marks.domain.sheet import SheetKey, standing
from services.marks.models import Candidate, Submission
from services.marks.queries.history import instant
from services.marks.queries.marksheet import mark_of
from services.marks.queries.submission import ReadinessJson, readiness_of, submissions_of
from shared import audit, clock
from shared.access.principal import Principal
from shared.errors import ConflictError
from shared.events.outbox import emit
from shared.findings import Findings
from shared.i18n import gettext as _


def reopen(session: Session, who: Principal, key: SheetKey, body: object) -> ReadinessJson:
    """Undo all submissions of a sheet; ConflictError where there is none.

    The marks stay and can be changed; the sample goes, for it was made of a mistake. What was
    submitted is kept in the history, and no receipt of it is given again.
    """
    findings = Findings()
    reason = read_reason(read_object(body), findings, "reason")
    findings.refuse()
    with hold_sheet(session, who, key) as sheet:
        undone = submissions_of(session, key.centre_no, key.paper_id)
        if not undone:
            raise ConflictError(_("Nothing is submitted."), slug="not-submitted")
        before = {"submissions": len(undone), "candidates": sum(one.candidates for one in undone)}
        _undo(sheet, reason)
        event = {
            "centre_no": key.centre_no,
            "paper_id": key.paper_id,
            "before": before,
            "after": {"submissions": 0, "candidates": 0},
            "why": reason,
            "reopened_by": who.user_id,
            "reopened_at": instant(clock.now()),
        }
        emit(session, "submission.reopened.v1", str(key), event)
        change = audit.Change(before=before, after={"submissions": 0}, why=reason)
        audit.record(session, who, "submission.reopened", str(key), change)
    return readiness_of(session, key.centre_no, key.paper_id)


def _undo(sheet: HeldSheet, reason: str) -> None:
    of_sheet = {"centre_no": sheet.key.centre_no, "paper_id": sheet.key.paper_id}
    undo = update(Submission).filter_by(**of_sheet, undone_at=None)
    sheet.session.execute(undo.values(undone_at=clock.now()))
    _forget_corrections(sheet, reason)
    sheet.sheet.moderation = None
    opened = update(Candidate).filter_by(**of_sheet).where(Candidate.submission.is_not(None))
    sheet.session.execute(
        opened.values(
            submission=None,
            sample_chosen_by=None,
            sample_reason="",
            sample_reasons=None,
            moderated=None,
            changed=sheet.next_cursor(),
        )
    )


def _forget_corrections(sheet: HeldSheet, reason: str) -> None:
    """A mark that can be changed again is the centre's, whatever a moderator had made of it."""
    corrected = select(Candidate).filter_by(
        centre_no=sheet.key.centre_no, paper_id=sheet.key.paper_id
    )
    for candidate in sheet.session.scalars(corrected.where(Candidate.clerical_error.is_not(None))):
        before = snapshot(candidate)
        candidate.clerical_error = None
        candidate.effective_total = candidate.total
        candidate.standing = standing(sheet.rules, mark_of(candidate), candidate.total)
        sheet.changed(candidate, before, how="reopened", why=reason)
    sheet.write()
