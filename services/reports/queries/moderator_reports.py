"""The moderator's report of a sheet."""

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.reports.domain import moderator_report as domain
from services.reports.models import ModeratorReport, Paper
from services.reports.queries.details import paper_of
from services.reports.queries.report_files import ReportFileJson, file_json, files_of
from shared import clock
from shared.access.rules import not_found


class SectionsJson(TypedDict):
    """What the moderator writes about."""

    tasks: str
    accuracy: str
    administration: str


class ModeratorReportJson(TypedDict):
    """The report; the centre sees it from `released_at`, null while that is not known."""

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


def is_released(session: Session, paper_id: str) -> bool:
    return domain.is_released(session.get_one(Paper, paper_id).results_day, clock.now())


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
    )


def moderator_report_json(report: domain.ModeratorReport) -> ModeratorReportJson:
    released_at = report.released_at
    return {
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
        "released": domain.is_released(released_at, clock.now()),
        "files": [file_json(file) for file in report.files],
    }
