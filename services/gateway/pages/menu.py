"""The marks menu: the papers of a centre and what can be done with each."""

from flask import render_template

from services.gateway import paths, service_paths
from services.gateway.evidence import lacking
from services.gateway.menu import headings, is_ready
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.centres import centre_name


@page("/marks", access="signed-in")
def marks(visit: Visit) -> Drawn:
    return go_to(visit.user.home)


@page("/centres/<centre_no>/papers", access="signed-in")
def marks_menu(visit: Visit, centre_no: str) -> Drawn:
    """For a moderator there is no menu of a centre: their papers are listed with all they have."""
    if visit.user.role == "appointee":
        return go_to(paths.allocations())
    listed = visit.services.part(service_paths.papers(centre_no))
    shown, ready = None, 0
    if listed is not None:
        ready = 0 if visit.user.reads_only else sum(map(is_ready, listed["papers"]))
        lacks = {paper: said for (_at, paper), said in lacking(visit.services, centre_no).items()}
        shown = headings(listed["papers"], centre_no, lacks, reads_only=visit.user.reads_only)
    name = centre_name(visit, centre_no)
    return render_template(
        "menu.html", centre_no=centre_no, centre_name=name, headings=shown, ready=ready
    )
