"""Cover sheets for the work of a sample."""

from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.reports.access import MAY_READ_REPORT
from services.reports.api.table import ROUTES
from services.reports.domain.report import Report
from services.reports.queries.details import report_for
from services.reports.render.cover_sheets import as_pdf
from services.reports.render.replies import name_of
from shared.errors import ConflictError
from shared.i18n import gettext as _
from shared.web.downloads import download
from shared.web.routes import Call, Reply

MEDIA = ("application/pdf",)
LONGEST_NAME = 200


class WithName(BaseModel):
    """The centre's name to print beside its number: identity alone knows it."""

    model_config = ConfigDict(strict=True, extra="ignore")

    centre_name: Annotated[str, StringConstraints(max_length=LONGEST_NAME)] = ""


@ROUTES.get(
    "/centres/<centre_no>/papers/<paper_id>/cover-sheets",
    access=MAY_READ_REPORT,
    query=WithName,
    streams=True,
    media=MEDIA,
    refusals=(409,),
)
def cover_sheets(call: Call, query: WithName, centre_no: str, paper_id: str) -> Reply:
    """A PDF with a cover sheet for each candidate of the sample that the reader may see."""
    with call.database.reading() as session:
        report = _sampled(report_for(session, call.principal, centre_no, paper_id))
    name = name_of(centre_no, report.paper, "pdf", "cover-sheets")
    return download(as_pdf(report, query.centre_name), MEDIA[0], name)


def _sampled(report: Report) -> Report:
    """The report of those in the sample alone."""
    rows = tuple(row for row in report.rows if row.sample != "No")
    if not rows:
        raise ConflictError(_("There are no cover sheets: nobody is in the sample."))
    return replace(report, rows=rows)
