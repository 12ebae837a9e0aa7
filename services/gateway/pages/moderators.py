"""Whom the centre sends its sample to."""

from http import HTTPStatus

from flask import render_template

from services.gateway import service_paths
from services.gateway.page import Drawn, Visit, page
from services.gateway.sheet_parts import SheetParts
from shared.access.rules import not_found


@page("/centres/<centre_no>/papers/<paper_id>/moderator/label", access="signed-in")
def address_label(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """What goes on the parcel of a sample, to be printed."""
    found = visit.services.get(service_paths.moderator(centre_no, paper_id))
    if not found["address"]:
        raise not_found()
    return render_template(
        "address_label.html",
        centre_no=centre_no,
        centre_name=visit.user.name_of(centre_no),
        paper_id=paper_id,
        paper=SheetParts(visit.services, centre_no, paper_id).paper(),
        moderator=found,
    )


@page("/centres/<centre_no>/papers/<paper_id>/moderator", access="signed-in")
def moderator(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """Name and postal address, once the marks are submitted and somebody is allocated."""
    paper = SheetParts(visit.services, centre_no, paper_id).paper()
    answer = visit.services.send("GET", service_paths.moderator(centre_no, paper_id))
    missing = answer.status == HTTPStatus.NOT_FOUND
    if not answer.ok and not missing and answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise answer.problem()
    return render_template(
        "moderator.html",
        centre_no=centre_no,
        paper_id=paper_id,
        paper=paper,
        moderator=answer.body if answer.ok else None,
        missing=missing,
    )
