"""Reports: the list of a centre's papers, and each report as the service of reports makes it."""

from flask import Response, render_template

from services.gateway import service_paths
from services.gateway.page import Drawn, Visit, page

# What the document says of itself; the rest of the headers are the gateway's own.
KEPT = ("Content-Type", "Content-Security-Policy")


@page("/centres/<centre_no>/reports", access="signed-in")
def reports(visit: Visit, centre_no: str) -> Drawn:
    listed = visit.services.part(f"/api/reports/centres/{centre_no}/papers")
    return render_template(
        "reports.html",
        centre_no=centre_no,
        papers=None if listed is None else listed["papers"],
        as_of=None if listed is None else listed["as_of"],
    )


@page("/centres/<centre_no>/papers/<paper_id>/report", access="signed-in")
def report(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """The document of the service, whole: it prints as it is. A refusal is a page of ours."""
    at = service_paths.report(centre_no, paper_id)
    answer = visit.services.send("GET", f"{at}?format=html")
    if not answer.ok:
        raise answer.problem()
    headers = {name: answer.headers[name] for name in KEPT if name in answer.headers}
    return Response(answer.raw, headers=headers)
