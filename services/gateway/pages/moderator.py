"""Where the sample goes: the moderator of a submitted paper."""

from http import HTTPStatus

from flask import render_template

from services.gateway import paths
from services.gateway.page import Drawn, Visit, page


@page("/centres/<centre_no>/papers/<paper_id>/moderator", access="signed-in")
def moderator_details(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """The moderator's name and address, or that there is none yet."""
    answer = visit.services.send(
        "GET", f"/api/identity/centres/{centre_no}/papers/{paper_id}/moderator"
    )
    if answer.status == HTTPStatus.FORBIDDEN:
        raise answer.problem()
    return render_template(
        "moderator.html",
        back=paths.marksheet(centre_no, paper_id),
        moderator=answer.body if answer.ok else None,
        missing=answer.status == HTTPStatus.NOT_FOUND,
    )
