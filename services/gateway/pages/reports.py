"""Reports: the list of a centre's papers, the report of each, and all in one."""

from http import HTTPStatus

from flask import flash, render_template, request

from services.gateway import paths, progress_paths, service_paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.sheet_parts import SheetParts
from shared.i18n import gettext as _
from shared.i18n import ngettext


@page("/centres/<centre_no>/reports", access="signed-in")
def reports(visit: Visit, centre_no: str) -> Drawn:
    listed = visit.services.part(service_paths.reports(centre_no))
    return render_template(
        "reports.html",
        centre_no=centre_no,
        papers=None if listed is None else listed["papers"],
        as_of=None if listed is None else listed["as_of"],
    )


@page("/centres/<centre_no>/papers/<paper_id>/report", access="signed-in")
def report(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """The candidate details report; what is printed of the page is the report alone."""
    told = visit.services.get(service_paths.report(centre_no, paper_id))
    return render_template(
        "report.html",
        centre_no=centre_no,
        report=told,
        paper=SheetParts(visit.services, centre_no, paper_id).paper(),
        sample_words=_sample_words(),
    )


@page("/centres/<centre_no>/reports/all", access="signed-in", methods=("POST",))
def ask_for_bundle(visit: Visit, centre_no: str) -> Drawn:
    """Have all reports made; a second click comes to the same."""
    wanted = {"format": request.form.get("format", "")}
    answer = visit.services.send("POST", service_paths.bundles(centre_no), wanted)
    if not answer.ok:
        raise answer.problem()
    return go_to(progress_paths.bundle(centre_no, answer.body["id"]))


@page("/centres/<centre_no>/reports/all/<bundle_id>", access="signed-in")
def bundle(visit: Visit, centre_no: str, bundle_id: str) -> Drawn:
    """How far the reports are, and then the file; script looks again, or the browser does."""
    answer = visit.services.send("GET", service_paths.bundle(centre_no, bundle_id))
    if answer.status == HTTPStatus.NOT_FOUND:
        flash(_("That file is kept no longer. Ask for the reports again."), "info")
        return go_to(paths.reports(centre_no))
    if not answer.ok:
        raise answer.problem()
    made, total = answer.body["done"], answer.body["total"]
    done = ngettext("%(done)s of %(num)s paper", "%(done)s of %(num)s papers", total, done=made)
    return render_template("bundle.html", centre_no=centre_no, bundle=answer.body, done=done)


def _sample_words() -> dict[str, str]:
    """Whether a candidate is in the sample, as the report says it."""
    return {"Yes": _("Yes"), "No": _("No"), "Added": _("Added"), "Further": _("Further")}
