"""The clerical errors of a marksheet, and the centre's word that it has checked the others."""

from flask import flash, render_template, request

from services.gateway import paths
from services.gateway.calls import Json
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.refusals import why
from services.gateway.sheet_parts import SheetParts
from shared.i18n import gettext as _

BEYOND_MENDING = {403, 404}


@page(
    "/centres/<centre_no>/papers/<paper_id>/clerical-errors",
    access="signed-in",
    methods=("GET", "POST"),
)
def corrections(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """Each with the original and the amended mark; for the centre a button to acknowledge them."""
    parts = SheetParts(visit.services, centre_no, paper_id)
    at = f"{parts.marks}/clerical-errors"
    error = ""
    if visit.posted:
        seen = {"ids": request.form.getlist("seen")}
        answer = visit.services.send("POST", f"{at}/acknowledgement", seen)
        if answer.ok:
            flash(_("Acknowledged. The moderator is told."), "success")
            return go_to(paths.corrections(centre_no, paper_id))
        if answer.status in BEYOND_MENDING:
            raise answer.problem()
        error = why(answer)
    recorded = visit.services.get(at)["clerical_errors"]
    return _draw(parts, recorded, error, may_acknowledge=visit.user.works_for_centre)


def _draw(parts: SheetParts, recorded: list[Json], error: str, *, may_acknowledge: bool) -> str:
    waiting = [one["id"] for one in recorded if not one["acknowledged"]]
    return render_template(
        "corrections.html",
        centre_no=parts.centre_no,
        paper=parts.paper(),
        recorded=recorded,
        waiting=waiting,
        may_acknowledge=may_acknowledge,
        error=error,
    )
