"""For board staff: what centres ask for, and the decisions; undoing a submission."""

from flask import flash, render_template, request

from services.gateway import paths, service_paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.asked import ROWS, page_number
from services.gateway.pages.refusals import why
from shared.i18n import gettext as _

KINDS = ("amendment", "entry", "extension")


@page("/board/requests", access="board", methods=("GET", "POST"))
def board_requests(visit: Visit) -> Drawn:
    """Everything that waits for a decision, with a form for each."""
    if not visit.posted:
        return _draw(visit)
    form = request.form
    kind = form.get("kind", "") if form.get("kind") in KINDS else KINDS[0]
    at = service_paths.marks(form.get("centre_no", "-"), form.get("paper_id", "-"))
    body = {"decision": form.get("decision", ""), "comment": form.get("comment", "")}
    path = f"{at}/{kind}-requests/{form.get('request', '-')}"
    answer = visit.services.send("PATCH", path, body)
    if not answer.ok:
        return _draw(visit, why(answer), form.get("request", ""))
    accepted = answer.body["state"] == "accepted"
    flash(_("Accepted.") if accepted else _("Rejected."), "success")
    return go_to(paths.board_requests())


@page("/centres/<centre_no>/papers/<paper_id>/reopening", access="board", methods=("GET", "POST"))
def reopening(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """The form that undoes a submission made by mistake."""
    at = service_paths.marks(centre_no, paper_id)
    error = ""
    if visit.posted:
        body = {"reason": request.form.get("reason", "")}
        answer = visit.services.send("POST", f"{at}/submission/reopening", body)
        if answer.ok:
            flash(_("The submission is undone: the centre can change its marks again."), "success")
            return go_to(paths.submission(centre_no, paper_id))
        error = why(answer)
    return render_template(
        "reopening.html",
        centre_no=centre_no,
        paper=visit.services.get(at),
        error=error,
        reason=request.form.get("reason", ""),
    )


def _draw(visit: Visit, error: str = "", failed: str = "") -> str:
    numbers = {kind: page_number(kind) for kind in KINDS}
    return render_template(
        "board_requests.html",
        listed={kind: visit.services.part(_waiting(kind, numbers[kind])) for kind in KINDS},
        numbers=numbers,
        error=error,
        failed=failed,
        comment=request.form.get("comment", ""),
        names=_names(),
    )


def _waiting(kind: str, number: str) -> str:
    """The address of a page of those that wait, the oldest first."""
    return f"{service_paths.requests(kind)}?state=requested&rows={ROWS}&page={number}"


def _names() -> dict[str, str]:
    return {
        "amendment": _("Amendments"),
        "entry": _("Late entries"),
        "extension": _("Later deadlines"),
    }
