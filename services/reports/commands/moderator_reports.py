"""Writing the moderator's report."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.reports.domain.moderator_report import Approval, Decision, Outcome, Sections
from services.reports.models import ModeratorReport, Submission
from services.reports.queries.moderator_reports import (
    ModeratorReportJson,
    approval_json,
    approval_of,
    moderator_report,
    moderator_report_json,
)
from shared import audit, clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.errors import ConflictError
from shared.events.outbox import emit
from shared.i18n import gettext as _

Sheet = tuple[str, str]


def write_report(
    session: Session,
    who: Principal,
    sheet: Sheet,
    written: tuple[Sections, Outcome],
    version: int | None,
) -> tuple[ModeratorReportJson, bool]:
    """Write the report, or write it anew; what stands now, and whether it is the first.

    ConflictError with the `current` one where `version` is given and another one stands.
    """
    report, about = held_report(session, sheet), _submitted(session, sheet)
    if version is not None and report is not None and version != report.version:
        raise _stale(session, who, sheet)
    before = _told(report)
    if report is None:
        report = ModeratorReport(centre_no=sheet[0], paper_id=sheet[1], version=0)
        session.add(report)
    sections, outcome = written
    report.tasks, report.accuracy = sections.tasks, sections.accuracy
    report.administration, report.outcome = sections.administration, outcome
    report.about = about
    if report.undone:
        # Whoever had the one before is told of this one, too.
        report.undone, report.announced_at = False, None
    changed(report, who)
    session.flush()
    change = audit.Change(before=before, after=_told(report))
    audit.record(session, who, "moderator_report.written", "/".join(sheet), change)
    return moderator_report_json(moderator_report(session, *sheet), who), report.version == 1


def _submitted(session: Session, sheet: Sheet) -> int:
    """The sequence of what is written about; NotFoundError where it was undone at this moment."""
    submission = session.get_one(Submission, sheet)
    if submission.reopened:
        raise not_found()
    return submission.sequence


def decide(
    session: Session,
    who: Principal,
    sheet: Sheet,
    said: tuple[Decision, str],
    version: int,
) -> ModeratorReportJson:
    """The board's word on this version: approved, or given back with a comment.

    ConflictError with the `current` one where another version stands, or it is released already.
    """
    row = session.get(ModeratorReport, sheet, with_for_update=True, populate_existing=True)
    report, (decision, comment) = moderator_report(session, *sheet), said
    if row is None or version != row.version:
        raise _stale(session, who, sheet)
    now = clock.now()
    report.check_decision(decision, comment, now)
    if decision == "returned":
        # A form that was opened before does not lift what it knows nothing of.
        row.version += 1
    row.decision, row.decided_version, row.comment = decision, row.version, comment
    row.decided_at, row.decided_by, row.decided_by_id = now, who.name, who.user_id
    session.flush()
    before = _said(report.approval) | {"version": version}
    after = {"approval": decision, "version": row.version}
    change = audit.Change(before, after, comment)
    audit.record(session, who, "moderator_report.decided", "/".join(sheet), change)
    if decision == "returned":
        emit(session, "moderator_report.returned.v1", row.sheet, _returned_event(row, who, now))
    return moderator_report_json(moderator_report(session, *sheet), who)


def undo_report(session: Session, sheet: Sheet, before: int) -> None:
    """Hold the report back: what was submitted before that sequence was undone.

    It is another version, so that neither an approval nor a form of before is about it.
    """
    report = session.get(ModeratorReport, sheet, with_for_update=True, populate_existing=True)
    if report is None or report.undone or report.about > before:
        return
    report.undone = True
    report.version += 1
    change = audit.Change({"version": report.version - 1}, {"version": report.version})
    audit.record(session, audit.SYSTEM, "moderator_report.undone", report.sheet, change)


def _returned_event(report: ModeratorReport, who: Principal, at: datetime) -> dict[str, object]:
    """The data of `moderator_report.returned.v1`; why it was given back stays here."""
    return {
        "centre_no": report.centre_no,
        "paper_id": report.paper_id,
        "version": report.version,
        "written_by": report.written_by_id,
        "returned_by": who.user_id,
        "returned_at": at.isoformat(),
    }


def _said(approval: Approval) -> dict[str, object]:
    """What the board said before, as the audit trail keeps it."""
    said = dict(approval_json(approval))
    return {"approval": said.pop("state"), **said}


def _stale(session: Session, who: Principal, sheet: Sheet) -> ConflictError:
    current = moderator_report_json(moderator_report(session, *sheet), who)
    said = _("The report was changed in the meantime.")
    return ConflictError(said, slug="stale-version", extra={"current": current})


def held_report(session: Session, sheet: Sheet) -> ModeratorReport | None:
    """The report as it stands: writers of one report wait for each other.

    The access rule has seen that the sheet is submitted. The board locks the report alone.
    """
    session.get(Submission, sheet, with_for_update=True)
    return session.get(ModeratorReport, sheet, with_for_update=True, populate_existing=True)


def changed(report: ModeratorReport, who: Principal) -> None:
    """What is read now is another version."""
    report.version += 1
    report.written_at, report.written_by, report.written_by_id = clock.now(), who.name, who.user_id


def with_other_files(report: ModeratorReport, who: Principal) -> None:
    """Another version too; what was given back stays so: that is lifted by writing it anew."""
    held = approval_of(report).state == "returned"
    changed(report, who)
    if held:
        report.decided_version = report.version


def _told(report: ModeratorReport | None) -> dict[str, object]:
    """The report as the audit trail keeps it."""
    if report is None:
        return {}
    names = ("tasks", "accuracy", "administration", "outcome", "version")
    return {name: getattr(report, name) for name in names}
