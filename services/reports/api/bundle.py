"""All candidate details reports of a centre at once."""

import threading
from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from services.reports.access import MAY_LIST_REPORTS
from services.reports.api.table import ROUTES
from services.reports.domain.report import Paper, Report
from services.reports.queries.details import report_for, reports_of
from services.reports.render.bundle import MEDIA, PDF, ZIP, as_pdf, as_zip, name_of_bundle
from services.reports.render.press import place
from shared.web.downloads import download
from shared.web.routes import Call, Reply

# One PDF of everything takes a processor and much memory: the others of this process are told to
# come again, as one that waits would hold a thread.
PDF_PLACE = threading.BoundedSemaphore(1)


class BundleFormat(BaseModel):
    """One PDF, or a ZIP with a PDF for each paper."""

    model_config = ConfigDict(strict=True, extra="ignore")

    format: Literal["pdf", "zip"] = "pdf"


@ROUTES.get(
    "/centres/<centre_no>/candidate-details",
    access=MAY_LIST_REPORTS,
    query=BundleFormat,
    streams=True,
    media=MEDIA,
)
def all_candidate_details(call: Call, query: BundleFormat, centre_no: str) -> Reply:
    """The reports of all papers of a centre that the reader may see, newest series first.

    The PDF is as of one moment, in a ZIP each report as of its own.
    """
    name = name_of_bundle(centre_no, query.format)
    if query.format == "pdf":
        with place(PDF_PLACE):
            return download(as_pdf(centre_no, _all_reports(call, centre_no)), PDF, name)
    with call.database.reading() as session:
        papers = _papers(call, session, centre_no)
    return download(as_zip(centre_no, papers, _report_of(call, centre_no)), ZIP, name)


def _papers(call: Call, session: Session, centre_no: str) -> list[Paper]:
    return [one.paper for one in reports_of(session, centre_no, call.principal)]


def _all_reports(call: Call, centre_no: str) -> list[Report]:
    with call.database.reading() as session:
        papers = _papers(call, session, centre_no)
        return [report_for(session, call.principal, centre_no, paper.id) for paper in papers]


def _report_of(call: Call, centre_no: str) -> Callable[[Paper], Report]:
    def report_of(paper: Paper) -> Report:
        with call.database.reading() as session:
            return report_for(session, call.principal, centre_no, paper.id)

    return report_of
