"""One candidate of a marksheet: the history of the mark, and the moderator's clerical errors."""

from flask import flash, render_template, request

from services.gateway import paths
from services.gateway.calls import Json
from services.gateway.corrections import Correction, by_field, counting_tasks
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.once import once
from services.gateway.pages.refusals import why
from services.gateway.sheet_parts import SheetParts
from shared.errors import ForbiddenError, NotFoundError
from shared.i18n import gettext as _
from shared.ids import new_id

# What a form cannot mend is a page of its own.
BEYOND_MENDING = {403, 404}
NOTHING = Correction([], "", "")


@page(
    "/centres/<centre_no>/papers/<paper_id>/candidates/<candidate_no>/history", access="signed-in"
)
def mark_history(visit: Visit, centre_no: str, paper_id: str, candidate_no: str) -> Drawn:
    """Who changed the mark, when, from what to what, how and why."""
    parts = SheetParts(visit.services, centre_no, paper_id)
    changes = visit.services.get(f"{parts.marks}/candidates/{candidate_no}/history")["changes"]
    return render_template(
        "mark_history.html",
        centre_no=centre_no,
        paper_id=paper_id,
        paper=parts.paper(),
        candidate_no=candidate_no,
        changes=changes,
        ways=_ways(),
    )


@page(
    "/centres/<centre_no>/papers/<paper_id>/candidates/<candidate_no>/clerical-error",
    access="signed-in",
    methods=("GET", "POST"),
)
def clerical_error(visit: Visit, centre_no: str, paper_id: str, candidate_no: str) -> Drawn:
    """The moderator's form for the amended mark of one candidate."""
    if visit.user.role != "appointee":
        raise ForbiddenError(_("Clerical errors are recorded by the moderator of the paper."))
    parts = SheetParts(visit.services, centre_no, paper_id)
    sheet = visit.services.get(f"{parts.marks}/marksheet?rows=all")
    candidate = _find(sheet, candidate_no)
    if not visit.posted:
        return _draw(parts, sheet, candidate)
    typed = Correction.typed(request.form, len(sheet["tasks"]))
    if typed.unclear:
        return _draw(parts, sheet, candidate, typed, {"task-0": typed.unclear})
    body = typed.body(candidate)
    answer = visit.services.send("POST", f"{parts.marks}/clerical-errors", body, once(body))
    if answer.ok:
        total = answer.body["effective_total"]
        said = _(
            "Candidate %(no)s: the mark that counts is now %(total)s.", no=candidate_no, total=total
        )
        flash(said, "success")
        return go_to(paths.marksheet(centre_no, paper_id))
    if answer.status in BEYOND_MENDING:
        raise answer.problem()
    errors = by_field(answer.errors) or {"": why(answer)}
    return _draw(parts, sheet, candidate, typed, errors)


def _draw(
    parts: SheetParts,
    sheet: Json,
    candidate: Json,
    typed: Correction = NOTHING,
    errors: dict[str, str] | None = None,
) -> str:
    recorded = parts.services.part(f"{parts.marks}/clerical-errors")
    of_candidate = [
        one
        for one in (recorded["clerical_errors"] if recorded else [])
        if one["candidate_no"] == candidate["candidate_no"]
    ]
    return render_template(
        "clerical_error.html",
        centre_no=parts.centre_no,
        paper=sheet["paper"],
        tasks=sheet["tasks"],
        candidate=candidate,
        counting=counting_tasks(candidate),
        typed=typed,
        errors=errors or {},
        recorded=of_candidate,
        once=new_id(),
    )


def _find(sheet: Json, candidate_no: str) -> Json:
    for candidate in sheet["candidates"]:
        if candidate["candidate_no"] == candidate_no:
            return dict(candidate)
    raise NotFoundError(_("There is no such candidate on this marksheet."))


def _ways() -> dict[str, str]:
    """How a change was made, in words."""
    return {
        "typed": _("typed"),
        "pasted": _("pasted"),
        "imported": _("from a file"),
        "clerical_error": _("clerical error"),
        "amendment": _("amendment"),
        "reopened": _("submission undone"),
    }
