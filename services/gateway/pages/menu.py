"""The marks menu: the papers of a centre and what can be done with each."""

from http import HTTPStatus

from flask import render_template

from services.gateway import paths
from services.gateway.menu import headings
from services.gateway.page import Drawn, Visit, go_to, page


@page("/marks", access="signed-in")
def marks(visit: Visit) -> Drawn:
    return go_to(visit.user.home)


@page("/centres/<centre_no>/papers", access="signed-in")
def marks_menu(visit: Visit, centre_no: str) -> Drawn:
    listed = visit.services.part(f"/api/marks/centres/{centre_no}/papers")
    shown = None
    if listed is not None:
        shown = headings(listed["papers"], centre_no, reads_only=visit.user.reads_only)
    return render_template("menu.html", centre_no=centre_no, headings=shown)


@page("/centres/<centre_no>/papers/<paper_id>/moderator-report", access="signed-in")
def moderator_report(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """The moderator's report, or that there is none to be seen yet."""
    answer = visit.services.send(
        "GET", f"/api/reports/centres/{centre_no}/papers/{paper_id}/moderator-report"
    )
    return render_template(
        "moderator_report.html",
        back=paths.menu(centre_no),
        report=answer.body if answer.ok else None,
        missing=answer.status == HTTPStatus.NOT_FOUND,
    )
