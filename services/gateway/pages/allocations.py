"""A moderator's papers: those allocated to them, once the centre has submitted."""

from flask import render_template

from services.gateway import report_paths, service_paths
from services.gateway.evidence import lacking
from services.gateway.page import Drawn, Visit, page


@page("/allocations", access="signed-in")
def allocations(visit: Visit) -> Drawn:
    listed = visit.services.part(service_paths.papers_of_moderator())
    work = visit.services.part(service_paths.moderations() + "?rows=500")
    moderations = work["moderations"] if work else []
    return render_template(
        "allocations.html",
        listed=listed,
        lacking=lacking(visit.services),
        given_back=_said_of(visit, "returned"),
        undone=_said_of(visit, "undone"),
        work={(one["centre_no"], one["paper_id"]): one for one in moderations},
    )


def _said_of(visit: Visit, state: str) -> dict[tuple[str, str], str]:
    """What the board says of the reports of a state; nothing where reports is down."""
    at = report_paths.listed(state, rows="500")
    told = visit.services.part(at, absent={"moderator_reports": []})
    return {
        (one["centre_no"], one["paper_id"]): one["approval"].get("comment", "")
        for one in (told["moderator_reports"] if told else ())
    }
