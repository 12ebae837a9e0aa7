"""Reports as PDF: tagged, fonts embedded, a reference and page numbers on every page.

They are PDF/UA-1, unless there is a sign that no font has (`press.py`).
"""

import json
from collections.abc import Mapping
from pathlib import Path

from services.reports.domain.marks import Mark
from services.reports.domain.report import Paper, Report
from services.reports.render.press import set_document
from services.reports.render.words import day_in_figures, sample_words, standing_words
from shared import clock
from shared.i18n import gettext as _
from shared.i18n import language

# A text, or a mark that was amended: `original` and `amended`.
Cell = str | dict[str, str]

TEMPLATES = Path(__file__).parent.parent / "templates"


def details_as_pdf(report: Report) -> bytes:
    """The candidate details report, as its page shows it."""
    title = _("CANDIDATE DETAILS REPORT")
    return made("candidate_details", head(title, report.paper, report.centre_no) | table_of(report))


def head(title: str, paper: Paper, centre_no: str) -> dict[str, object]:
    """What every report says of itself."""
    series = f"{paper.series.month} {paper.series.year}"
    return of_everything(title, centre_no) | {
        "paper": paper.full_title,
        "reference": f"{centre_no} · {paper.code} · {series}",
    }


def of_everything(title: str, centre_no: str) -> dict[str, object]:
    """The same of what is about all papers of a centre."""
    return {
        "title": title,
        "author": "IAMIS",
        "language": language(),
        "paper": "",
        "centre": _("CENTRE: %(centre_no)s", centre_no=centre_no),
        "reference": centre_no,
        "made": _("Printed on %(day)s", day=day_in_figures(clock.today())),
        "page": _("Page"),
    }


def made(template: str, data: Mapping[str, object]) -> bytes:
    """The document of a template; its texts are data, so nothing in them is ever markup."""
    return set_document(TEMPLATES / f"{template}.typ", {"data": json.dumps(data)})


def table_of(report: Report) -> dict[str, object]:
    words = sample_words()
    maximum = report.paper.maximum
    return {
        "submitted": " · ".join(standing_words(report)),
        "amended": _("(amended)"),
        "table": _("Candidates in the order of their numbers"),
        "columns": [
            "#",
            _("Cand No."),
            _("Cand Name"),
            _("DOB"),
            _("Outcome") if maximum is None else _("Mark (Max: %(maximum)s)", maximum=maximum),
            _("Teacher Initials"),
            _("Sample"),
            *([_("After moderation")] if report.moderated else []),
        ],
        "rows": [
            [
                str(number),
                row.candidate_no,
                row.name,
                day_in_figures(row.dob),
                shown(row.mark),
                row.mark.initials,
                words[row.sample],
                *([_said(row.moderated)] if report.moderated else []),
            ]
            for number, row in enumerate(report.rows, 1)
        ],
    }


def _said(moderated: int | str | None) -> str:
    return "" if moderated is None else str(moderated)


def shown(mark: Mark) -> Cell:
    """The mark or outcome that counts, with the centre's where it was amended."""
    if not mark.amended:
        return mark.result
    return {"original": mark.original_result, "amended": mark.result}
