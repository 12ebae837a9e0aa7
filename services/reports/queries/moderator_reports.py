"""The moderator's report of a sheet."""

from typing import NotRequired

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.reports.domain import moderator_report as domain
from services.reports.models import ModeratorReport, Paper
from services.reports.queries.details import paper_of
from services.reports.queries.report_files import ReportFileJson, file_json, files_of
from shared import clock
from shared.access.principal import Principal
from shared.access.rules import not_found


class SectionsJson(TypedDict):
    """What the moderator writes about."""

    tasks: str
    accuracy: str
    administration: str


class ApprovalJson(TypedDict):
    """What the board says of this version; what it gave back is held until there is another.

    One whose submission was undone is held, too.
    """

    state: domain.ApprovalState
    by: NotRequired[str]
    at: NotRequired[str]
    comment: NotRequired[str]


class ModeratorReportJson(TypedDict):
    """The report; the centre sees it from `released_at`, null while that is not known.

    `approval` is there for the board and the moderator.
    """

    centre_no: str
    paper_id: str
    full_title: str
    sections: SectionsJson
    outcome: domain.Outcome
    version: int
    written_at: str
    released_at: str | None
    released: bool
    files: list[ReportFileJson]
    approval: NotRequired[ApprovalJson]


def is_released(session: Session, centre_no: str, paper_id: str) -> bool:
    """Whether the centre may see the report, where one is written."""
    written = session.get(ModeratorReport, (centre_no, paper_id))
    results_day = session.get_one(Paper, paper_id).results_day
    held = written is not None and approval_of(written).state in domain.HELD
    return not held and domain.is_released(results_day, clock.now())


def undone() -> ColumnElement[bool]:
    """Those of a submission that was undone, and that were not written anew since."""
    return ModeratorReport.undone.is_(True)


def held_back() -> ColumnElement[bool]:
    """Those that the board has given back, and that were not written anew since."""
    of_this_version = ModeratorReport.decided_version == ModeratorReport.version
    return and_(ModeratorReport.decision == "returned", of_this_version)


def approval_of(written: ModeratorReport) -> domain.Approval:
    if written.undone:
        return domain.Approval("undone")
    if written.decided_version != written.version:
        return domain.Approval()
    return domain.Approval(
        domain.read_decision(written.decision),
        written.decided_by,
        written.decided_at,
        written.comment,
    )


def moderator_report(session: Session, centre_no: str, paper_id: str) -> domain.ModeratorReport:
    """The report as it was written last; `NotFoundError` where there is none."""
    written = session.get(ModeratorReport, (centre_no, paper_id))
    if written is None:
        raise not_found()
    paper = session.get_one(Paper, paper_id)
    return domain.ModeratorReport(
        paper=paper_of(paper),
        centre_no=centre_no,
        sections=domain.Sections(written.tasks, written.accuracy, written.administration),
        outcome=domain.read_outcome(written.outcome),
        version=written.version,
        written_at=written.written_at,
        released_at=paper.results_day,
        files=files_of(session, centre_no, paper_id),
        approval=approval_of(written),
    )


def moderator_report_json(report: domain.ModeratorReport, who: Principal) -> ModeratorReportJson:
    released_at = report.released_at
    told: ModeratorReportJson = {
        "centre_no": report.centre_no,
        "paper_id": report.paper.id,
        "full_title": report.paper.full_title,
        "sections": {
            "tasks": report.sections.tasks,
            "accuracy": report.sections.accuracy,
            "administration": report.sections.administration,
        },
        "outcome": report.outcome,
        "version": report.version,
        "written_at": report.written_at.isoformat(),
        "released_at": released_at.isoformat() if released_at else None,
        "released": report.is_released(clock.now()),
        "files": [file_json(file) for file in report.files],
    }
    if who.kind in {"appointee", "board"}:
        told["approval"] = approval_json(report.approval)
    return told


def approval_json(approval: domain.Approval) -> ApprovalJson:
    told: ApprovalJson = {"state": approval.state}
    if approval.by and approval.at:
        told |= {"by": approval.by, "at": approval.at.isoformat()}
    if approval.comment:
        told["comment"] = approval.comment
    return told
