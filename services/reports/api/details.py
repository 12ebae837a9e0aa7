"""The candidate details report, and the list of those a centre can open."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.reports.access import MAY_LIST_REPORTS, MAY_READ_REPORT
from services.reports.api.table import ROUTES
from services.reports.queries.details import report_for, reports_of
from services.reports.queries.freshness import as_of
from services.reports.render.replies import MEDIA, REPLIES
from services.reports.render.shapes import CandidateDetails, ListedPapers, list_as_json
from shared.web.routes import Call, Reply


class ReportFormat(BaseModel):
    """How a report is wanted."""

    model_config = ConfigDict(strict=True, extra="ignore")

    format: Literal["json", "html", "pdf", "csv", "xlsx"] = "json"


@ROUTES.get("/centres/<centre_no>/papers", access=MAY_LIST_REPORTS, returns=ListedPapers)
def list_reports(call: Call, centre_no: str) -> ListedPapers:
    """The papers whose report can be opened, newest series first."""
    reports = reports_of(call.session, centre_no, call.principal)
    return list_as_json(reports, as_of(call.session))


@ROUTES.get(
    "/centres/<centre_no>/papers/<paper_id>/candidate-details",
    access=MAY_READ_REPORT,
    query=ReportFormat,
    streams=True,
    returns=CandidateDetails,
    media=MEDIA,
)
def candidate_details(call: Call, query: ReportFormat, centre_no: str, paper_id: str) -> Reply:
    """The candidate details report, in candidate number order."""
    with call.database.reading() as session:
        report = report_for(session, call.principal, centre_no, paper_id)
    # Whoever waits for a document to be set holds no connection.
    return REPLIES[query.format](report)
