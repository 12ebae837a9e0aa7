"""The candidate details report and the list of reports as JSON."""

from datetime import date

from typing_extensions import TypedDict

from services.reports.domain.report import Correction, ListedReport, Paper, Report, Row
from services.reports.domain.words import Sample


class SeriesJson(TypedDict):
    month: str
    year: int


class TaskJson(TypedDict):
    name: str
    max: int


class PaperJson(TypedDict):
    id: str
    code: str
    title: str
    unit: str
    full_title: str
    qualification: str
    series: SeriesJson
    maximum: int | None
    tasks: list[TaskJson] | None
    outcomes: list[str] | None
    initials_required: bool


class RowJson(TypedDict):
    candidate_no: str
    name: str
    dob: str | None
    tasks: list[int | None] | None
    mark: int | None
    original_mark: int | None
    amended: bool
    code: str | None
    outcome: str | None
    initials: str
    sample: Sample
    evidence: int
    amendment: str | None
    moderated: int | str | None
    correction: Correction | None


class CandidateDetails(TypedDict):
    paper: PaperJson
    centre_no: str
    submitted_at: str | None
    as_of: str | None
    rows: list[RowJson]


class ListedPaper(TypedDict):
    id: str
    full_title: str
    submitted_at: str | None


class ListedPapers(TypedDict):
    """`as_of` is when the last news of marks was taken in."""

    papers: list[ListedPaper]
    as_of: str | None


def told(when: date | None) -> str | None:
    """A day or an instant in JSON; null where it is not known."""
    return when.isoformat() if when else None


def as_json(report: Report) -> CandidateDetails:
    return {
        "paper": _paper_json(report.paper),
        "centre_no": report.centre_no,
        "submitted_at": told(report.submitted_at),
        "as_of": told(report.as_of),
        "rows": [_row_json(report, row) for row in report.rows],
    }


def list_as_json(reports: list[ListedReport], as_of: date | None) -> ListedPapers:
    return {
        "as_of": told(as_of),
        "papers": [
            {
                "id": report.paper.id,
                "full_title": report.paper.full_title,
                "submitted_at": told(report.submitted_at),
            }
            for report in reports
        ],
    }


def _paper_json(paper: Paper) -> PaperJson:
    tasks, outcomes = paper.tasks, paper.outcomes
    return {
        "id": paper.id,
        "code": paper.code,
        "title": paper.title,
        "unit": paper.unit,
        "full_title": paper.full_title,
        "qualification": paper.qualification,
        "series": {"month": paper.series.month, "year": paper.series.year},
        "maximum": paper.maximum,
        "tasks": None if tasks is None else [{"name": t.name, "max": t.max} for t in tasks],
        "outcomes": None if outcomes is None else list(outcomes),
        "initials_required": paper.initials_required,
    }


def _row_json(report: Report, row: Row) -> RowJson:
    tasks = report.tasks_of(row)
    return {
        "candidate_no": row.candidate_no,
        "name": row.name,
        "dob": told(row.dob),
        "tasks": None if tasks is None else list(tasks),
        "mark": row.mark.mark,
        "original_mark": row.mark.original_mark,
        "amended": row.mark.amended,
        "code": row.mark.code,
        "outcome": row.mark.outcome,
        "initials": row.mark.initials,
        "sample": row.sample,
        "evidence": row.evidence,
        "amendment": row.amendment,
        "moderated": row.moderated,
        "correction": row.correction,
    }
