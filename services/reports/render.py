"""The candidate details report in its formats."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from typing_extensions import TypedDict

from services.reports.domain.report import ListedReport, Paper, Report, Row
from services.reports.domain.words import Sample, file_name, safe_cell
from shared import clock
from shared.i18n import gettext as _
from shared.web.routes import Reply
from shared.web.templates import environment

TEMPLATES = environment(Path(__file__).parent)
CSV_CHUNK = 16 * 1024

# Spreadsheets take a CSV without a byte-order mark for the local 8-bit code and spoil Welsh
# names; programs that read UTF-8 know the mark (Python: `utf-8-sig`).
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()

# The page stands alone, with the gateway's style sheet and script and nothing else.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


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


class CandidateDetails(TypedDict):
    paper: PaperJson
    centre_no: str
    submitted_at: str | None
    rows: list[RowJson]


class ListedPaper(TypedDict):
    id: str
    full_title: str
    submitted_at: str | None


class ListedPapers(TypedDict):
    papers: list[ListedPaper]


def as_json(report: Report) -> CandidateDetails:
    return {
        "paper": _paper_json(report.paper),
        "centre_no": report.centre_no,
        "submitted_at": report.submitted_at.isoformat() if report.submitted_at else None,
        "rows": [_row_json(report, row) for row in report.rows],
    }


def list_as_json(reports: list[ListedReport]) -> ListedPapers:
    return {
        "papers": [
            {
                "id": report.paper.id,
                "full_title": report.paper.full_title,
                "submitted_at": report.submitted_at.isoformat() if report.submitted_at else None,
            }
            for report in reports
        ]
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
        "dob": row.dob.isoformat() if row.dob else None,
        "tasks": None if tasks is None else list(tasks),
        "mark": row.mark.mark,
        "original_mark": row.mark.original_mark,
        "amended": row.mark.amended,
        "code": row.mark.code,
        "outcome": row.mark.outcome,
        "initials": row.mark.initials,
        "sample": row.sample,
        "evidence": row.evidence,
    }


def as_html(report: Report) -> str:
    """A complete page; the gateway serves the style sheet and the script it names."""
    submitted_on = clock.day_of(report.submitted_at) if report.submitted_at else None
    return TEMPLATES.get_template("candidate_details.html").render(
        report=report, submitted_on=submitted_on, sample_words=_sample_words()
    )


def _sample_words() -> dict[Sample, str]:
    return {"Yes": _("Yes"), "No": _("No"), "Added": _("Added"), "Further": _("Further")}


def as_csv(report: Report) -> Iterator[bytes]:
    """The lines as RFC 4180 has them, in chunks; dates are ISO, words English: for machines."""
    yield BYTE_ORDER_MARK
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for line in _csv_lines(report):
        writer.writerow(safe_cell(cell) if isinstance(cell, str) else cell for cell in line)
        if text.tell() >= CSV_CHUNK:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken


def _csv_lines(report: Report) -> Iterator[list[object]]:
    tasks = [f"task_{number}" for number, _task in enumerate(report.paper.tasks or (), 1)]
    last = ("mark", "code", "outcome", "teacher_initials", "sample")
    yield ["candidate_no", "name", "dob", *tasks, *last]
    for row in report.rows:
        mark = row.mark
        yield [
            row.candidate_no,
            row.name,
            row.dob,
            *(report.tasks_of(row) or ()),
            *(mark.mark, mark.code, mark.outcome, mark.initials, row.sample),
        ]


def _json_reply(report: Report) -> Reply:
    return Reply(as_json(report))


def _html_reply(report: Report) -> Reply:
    policy = {"Content-Security-Policy": PAGE_POLICY}
    return Reply(as_html(report), content_type="text/html; charset=utf-8", headers=policy)


def _csv_reply(report: Report) -> Reply:
    paper = report.paper
    series = (paper.series.month, paper.series.year)
    name = file_name("candidate-details", report.centre_no, paper.code, *series)
    disposition = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Reply(as_csv(report), content_type="text/csv; charset=utf-8", headers=disposition)


REPLIES: Mapping[str, Callable[[Report], Reply]] = {
    "json": _json_reply,
    "html": _html_reply,
    "csv": _csv_reply,
}
