"""Cover sheets: a page for each candidate of the sample, to go with their work."""

from services.reports.domain.report import Report, Row
from services.reports.render.pdf import Cell, head, made, shown
from services.reports.render.words import sample_words
from shared.i18n import gettext as _


def as_pdf(report: Report, centre_name: str) -> bytes:
    """A sheet for each row of the report, which are those of the sample."""
    data = head(_("COVER SHEETS"), report.paper, report.centre_no) | {
        "amended": _("(amended)"),
        "result": _("Marks") if report.paper.outcomes is None else _("Outcome"),
        "columns": _columns(report),
        "authentication": _("Authentication"),
        "statements": [
            _("Candidate: this is my own work, and I have named every source that I used."),
            _("Teacher: as far as I know this is the candidate's own work, done as the rules ask."),
        ],
        "signature": _("Signature"),
        "date": _("Date"),
        "notes": _("Note to the moderator"),
        "candidates": [_sheet(report, row, centre_name) for row in report.rows],
    }
    return made("cover_sheets", data)


def _columns(report: Report) -> list[str]:
    if report.paper.outcomes is not None:
        return [_("Outcome"), _("Moderator's outcome")]
    return [_("Task"), _("Maximum"), _("Mark"), _("Moderator's mark")]


def _sheet(report: Report, row: Row, centre_name: str) -> dict[str, object]:
    series = report.paper.series
    return {
        "heading": _("COVER SHEET: CANDIDATE %(no)s", no=row.candidate_no),
        "facts": [
            (_("Centre"), f"{report.centre_no} {centre_name}".strip()),
            (_("Series"), f"{series.month} {series.year}"),
            (_("Candidate"), f"{row.candidate_no} {row.name}".strip()),
            (_("Teacher Initials"), row.mark.initials),
            (_("Sample"), sample_words()[row.sample]),
        ],
        "marks": _marks(report, row),
    }


def _marks(report: Report, row: Row) -> list[list[Cell]]:
    """The lines of the table; the last column is the moderator's to fill in."""
    tasks, marks = report.paper.tasks, report.tasks_of(row)
    if tasks is None or marks is None:
        return [[shown(row.mark), ""]]
    each: list[list[Cell]] = [
        [task.name, str(task.max), "" if mark is None else str(mark), ""]
        for task, mark in zip(tasks, marks, strict=True)
    ]
    return [*each, [_("Total"), str(report.paper.maximum), shown(row.mark), ""]]
