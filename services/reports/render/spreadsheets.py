"""The candidate details report for spreadsheets and programs: CSV and XLSX.

Dates are ISO in CSV and real dates in XLSX; the words are English, for machines read them too. From
results day a last column has what counts after moderation, where there was one.
"""

from collections.abc import Iterator

from services.reports.domain.report import Report
from shared import spreadsheets


def as_csv(report: Report) -> Iterator[bytes]:
    return spreadsheets.as_csv(_lines(report))


def as_xlsx(report: Report) -> bytes:
    return spreadsheets.as_xlsx(_lines(report), "Candidate details")


def _lines(report: Report) -> Iterator[list[object]]:
    tasks = [f"task_{number}" for number, _task in enumerate(report.paper.tasks or (), 1)]
    last = ("mark", "code", "outcome", "teacher_initials", "sample")
    added = ("moderated",) if report.moderated else ()
    yield ["candidate_no", "name", "dob", *tasks, *last, *added]
    for row in report.rows:
        mark = row.mark
        yield [
            row.candidate_no,
            row.name,
            row.dob,
            *(report.tasks_of(row) or ()),
            *(mark.mark, mark.code, mark.outcome, mark.initials, row.sample),
            *(row.moderated for _column in added),
        ]
