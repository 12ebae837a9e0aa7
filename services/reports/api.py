"""Reports over HTTP."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.reports import queries
from services.reports.access import MAY_LIST_REPORTS, MAY_READ_REPORT
from services.reports.render import (
    REPLIES,
    CandidateDetails,
    ListedPapers,
    list_as_json,
)
from shared.web.routes import Call, Reply, Routes

ROUTES = Routes("reports")


class ReportFormat(BaseModel):
    """How a report is wanted."""

    model_config = ConfigDict(strict=True, extra="ignore")

    format: Literal["json", "html", "csv"] = "json"


@ROUTES.get("/centres/<centre_no>/papers", access=MAY_LIST_REPORTS, returns=ListedPapers)
def list_reports(call: Call, centre_no: str) -> ListedPapers:
    """The papers whose report can be opened, newest series first."""
    return list_as_json(queries.reports_of(call.session, centre_no))


@ROUTES.get(
    "/centres/<centre_no>/papers/<paper_id>/candidate-details",
    access=MAY_READ_REPORT,
    query=ReportFormat,
    returns=CandidateDetails,
    media=("text/html", "text/csv"),
)
def candidate_details(call: Call, query: ReportFormat, centre_no: str, paper_id: str) -> Reply:
    """The candidate details report, in candidate number order."""
    report = queries.candidate_details(call.session, centre_no, paper_id)
    return REPLIES[query.format](report)
