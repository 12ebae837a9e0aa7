"""The candidate details report as the answer to a request, by the format that was asked for."""

from collections.abc import Callable, Mapping

from services.reports.domain.report import Paper, Report
from services.reports.render.page import POLICY, as_html
from services.reports.render.pdf import details_as_pdf
from services.reports.render.shapes import as_json
from services.reports.render.spreadsheets import as_csv, as_xlsx
from shared.spreadsheets import XLSX, file_name
from shared.web.downloads import download
from shared.web.routes import Reply

MEDIA = ("text/html", "application/pdf", "text/csv", XLSX)


def page_reply(html: str) -> Reply:
    """A page that stands alone."""
    policy = {"Content-Security-Policy": POLICY}
    return Reply(html, content_type="text/html; charset=utf-8", headers=policy)


def name_of(centre_no: str, paper: Paper, ending: str, what: str = "candidate-details") -> str:
    series = (paper.series.month, paper.series.year)
    return f"{file_name(what, centre_no, paper.code, *series)}.{ending}"


def _named(report: Report, ending: str) -> str:
    return name_of(report.centre_no, report.paper, ending)


REPLIES: Mapping[str, Callable[[Report], Reply]] = {
    "json": lambda report: Reply(as_json(report)),
    "html": lambda report: page_reply(as_html(report)),
    "pdf": lambda report: download(
        details_as_pdf(report), "application/pdf", _named(report, "pdf")
    ),
    "csv": lambda report: download(
        as_csv(report), "text/csv; charset=utf-8", _named(report, "csv")
    ),
    "xlsx": lambda report: download(as_xlsx(report), XLSX, _named(report, "xlsx")),
}
