"""Recording clerical errors: the moderator's amended mark is the one that counts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.marks.commands.sheet import HeldSheet, hold_sheet, snapshot
from services.marks.domain import clerical
from services.marks.domain.sheet import SheetKey, standing
from services.marks.models import Candidate, ClericalError
from services.marks.queries.history import ClericalErrorJson, clerical_error_json, instant
from services.marks.queries.marksheet import mark_of
from shared import audit, clock
from shared.access.principal import Principal
from shared.errors import ConflictError
from shared.events.outbox import emit
from shared.findings import Findings
from shared.i18n import gettext as _
from shared.ids import new_id


def record_clerical_error(
    session: Session, who: Principal, key: SheetKey, body: Mapping[str, Any]
) -> ClericalErrorJson:
    """Record a correction; one made earlier of the same candidate is kept, but no longer stands.

    UnprocessableError naming what is wrong; ConflictError where the mark is not submitted yet.
    """
    with hold_sheet(session, who, key) as sheet:
        candidate = sheet.named(body.get("candidate_no"))
        found = clerical.read_clerical_error(sheet.rules, mark_of(candidate), body)
        if candidate.submission is None:
            said = _("The candidate's mark is not submitted yet.")
            raise ConflictError(said, slug="not-submitted")
        before = snapshot(candidate)
        _require_change(found, before)
        error = _keep(sheet, candidate, found)
        _amend(sheet, candidate, error)
        sheet.changed(candidate, before, how="clerical_error", why=error.reason)
        recorded = clerical_error_json(error)
        _tell(sheet, recorded, before)
    return recorded


def _require_change(found: clerical.ClericalError, standing: Mapping[str, Any]) -> None:
    """Refuse a correction to the mark that stands already: the centre would be told of nothing."""
    same_tasks = found.tasks is None or list(found.tasks) == standing["tasks"]
    if found.total == standing["total"] and same_tasks:
        findings = Findings()
        pointer = "/total" if found.tasks is None else "/tasks"
        findings.add(pointer, _("This is the mark that stands already."))
        findings.refuse()


def _keep(sheet: HeldSheet, candidate: Candidate, found: clerical.ClericalError) -> ClericalError:
    error = ClericalError(
        id=new_id(),
        centre_no=sheet.key.centre_no,
        paper_id=sheet.key.paper_id,
        candidate_no=candidate.candidate_no,
        tasks=None if found.tasks is None else list(found.tasks),
        total=found.total,
        original={"tasks": candidate.tasks, "total": candidate.total},
        reason=found.reason,
        by_id=sheet.who.user_id,
        by=sheet.who.name,
        at=clock.now(),
    )
    sheet.session.add(error)
    return error


def _amend(sheet: HeldSheet, candidate: Candidate, error: ClericalError) -> None:
    candidate.clerical_error = {
        "tasks": error.tasks,
        "total": error.total,
        "by": error.by,
        "at": instant(error.at),
        "reason": error.reason,
    }
    candidate.effective_total = error.total
    candidate.standing = standing(sheet.rules, mark_of(candidate), error.total)


def _tell(sheet: HeldSheet, recorded: ClericalErrorJson, before: dict[str, Any]) -> None:
    said: dict[str, Any] = {
        "centre_no": sheet.key.centre_no,
        "paper_id": sheet.key.paper_id,
        "candidate_no": recorded["candidate_no"],
        "original": recorded["original"],
        "amended": recorded["amended"],
        "effective_total": recorded["effective_total"],
        "recorded_by": sheet.who.user_id,
        "recorded_at": recorded["at"],
    }
    emit(sheet.session, "clerical_error.recorded.v1", str(sheet.key), said)
    subject = f"{sheet.key}/{recorded['candidate_no']}"
    change = audit.Change(before, dict(recorded["amended"]), recorded["reason"])
    audit.record(sheet.session, sheet.who, "clerical_error.recorded", subject, change)
