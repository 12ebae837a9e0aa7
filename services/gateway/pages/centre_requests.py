"""Late entries and later deadlines: what a centre asks for, and what became of it."""

from collections.abc import Mapping

from flask import flash, render_template, request

from services.gateway import paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.once import once
from services.gateway.pages.refusals import why
from services.gateway.sheet_parts import SheetParts
from shared.i18n import gettext as _
from shared.ids import new_id

BEYOND_MENDING = {403, 404}
FIELDS = {
    "entry": ("candidate_no", "surname", "forenames", "dob", "uci", "teaching_set", "reason"),
    "extension": ("until", "reason"),
}


@page(
    "/centres/<centre_no>/papers/<paper_id>/requests", access="signed-in", methods=("GET", "POST")
)
def centre_requests(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """A form for each kind, the exams officer's and everybody's, and what was asked for."""
    parts = SheetParts(visit.services, centre_no, paper_id)
    if not visit.posted:
        return _draw(visit, parts)
    kind = "entry" if request.form.get("kind") == "entry" else "extension"
    body = {name: request.form.get(name, "").strip() for name in FIELDS[kind]}
    answer = visit.services.send("POST", f"{parts.marks}/{kind}-requests", body, once(body))
    if answer.ok:
        flash(_("The awarding body is asked. You see the decision here."), "success")
        return go_to(paths.centre_requests(centre_no, paper_id))
    if answer.status in BEYOND_MENDING:
        raise answer.problem()
    errors = {pointer.removeprefix("/"): said for pointer, said in answer.errors.items()}
    return _draw(visit, parts, kind, errors or {"": why(answer)})


def _draw(
    visit: Visit, parts: SheetParts, kind: str = "", errors: Mapping[str, str] | None = None
) -> str:
    listed = [
        one
        for name in FIELDS
        for one in parts.services.get(f"{parts.marks}/{name}-requests")["requests"]
    ]
    return render_template(
        "centre_requests.html",
        centre_no=parts.centre_no,
        paper=parts.services.get(parts.marks),
        listed=listed,
        kind=kind,
        errors=errors or {},
        typed=request.form,
        may_ask_for_entries=visit.user.role == "admin",
        once=new_id(),
    )
