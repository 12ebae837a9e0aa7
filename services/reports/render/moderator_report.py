"""The moderator's report in its formats."""

from collections.abc import Callable, Mapping

from services.reports.domain.moderator_report import ModeratorReport
from services.reports.render.page import TEMPLATES
from services.reports.render.pdf import head, made
from services.reports.render.replies import name_of, page_reply
from shared.i18n import gettext as _
from shared.sizes import file_size
from shared.web.downloads import download
from shared.web.routes import Reply

MEDIA = ("text/html", "application/pdf")


def _parts(report: ModeratorReport) -> list[tuple[str, str]]:
    """The sections with their headings, in the order they are read."""
    sections = report.sections
    return [
        (_("Appropriateness of the tasks"), sections.tasks),
        (_("Accuracy of the assessment"), sections.accuracy),
        (_("The centre's administration"), sections.administration),
    ]


def _verdict(report: ModeratorReport) -> str:
    if report.outcome == "accepted":
        return _("The marks were accepted.")
    return _("The marks were adjusted.")


def as_html(report: ModeratorReport) -> str:
    return TEMPLATES.get_template("moderator_report.html").render(
        report=report, parts=_parts(report), verdict=_verdict(report), file_size=file_size
    )


def as_pdf(report: ModeratorReport) -> bytes:
    data = head(_("MODERATOR'S REPORT"), report.paper, report.centre_no)
    parts = [{"heading": heading, "text": text} for heading, text in _parts(report)]
    files = [f"{file.name} ({file_size(file.size)})" for file in report.files]
    data |= {"attached": _("Attached files"), "files": files}
    said = {"parts": parts, "outcome": _("Outcome"), "verdict": _verdict(report)}
    return made("moderator_report", data | said)


def _pdf_reply(report: ModeratorReport) -> Reply:
    name = name_of(report.centre_no, report.paper, "pdf", "moderator-report")
    return download(as_pdf(report), "application/pdf", name)


REPLIES: Mapping[str, Callable[[ModeratorReport], Reply]] = {
    "html": lambda report: page_reply(as_html(report)),
    "pdf": _pdf_reply,
}
