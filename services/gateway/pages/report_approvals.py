"""For board staff: moderators' reports that wait for approval, and the word on each."""

from flask import flash, render_template, request

from services.gateway import paths, report_paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.asked import lines, which_page
from services.gateway.pages.moderator_reports import BEYOND_MENDING, VERSION, draw_report
from services.gateway.pages.refusals import why
from shared.i18n import gettext as _

WAITING = "waiting"


@page("/board/moderator-reports", access="board")
def board_reports(visit: Visit) -> Drawn:
    """Reports that nobody has looked at, soonest results day first; and what was said of others."""
    states = _states()
    asked = request.args.get("state", "")
    state = asked if asked in states else WAITING
    part = which_page()
    listed = visit.services.part(report_paths.listed(state, part["rows"], part["page"]))
    return render_template(
        "board/reports.html",
        listed=listed,
        states=states,
        state=state,
        nothing=_nothing()[state],
    )


@page(
    "/centres/<centre_no>/papers/<paper_id>/moderator-report/decision",
    access="board",
    methods=("GET", "POST"),
)
def decide_on_report(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """Takes the board's word on the version that was read."""
    back = paths.moderator_report(centre_no, paper_id)
    if not visit.posted:
        return go_to(back)
    form = request.form
    version = form.get("version", "")
    body = {
        "decision": form.get("decision", ""),
        "comment": lines("comment"),
        "version": int(version) if VERSION.fullmatch(version) else version,
    }
    answer = visit.services.send("POST", report_paths.said(centre_no, paper_id), body)
    if answer.status in BEYOND_MENDING:
        raise answer.problem()
    if not answer.ok:
        said = next(iter(answer.errors.values()), why(answer))
        return draw_report(visit, centre_no, paper_id, said, at=next(iter(answer.errors), ""))
    approved = body["decision"] == "approved"
    flash(_("Approved.") if approved else _("Given back to the moderator."), "success")
    return go_to(back)


def _states() -> dict[str, str]:
    return {
        WAITING: _("Waiting for approval"),
        "returned": _("Given back"),
        "undone": _("Submission undone"),
        "approved": _("Approved"),
    }


def _nothing() -> dict[str, str]:
    """What the list says of a state where nothing is in it: what would be, and since when."""
    return {
        WAITING: _(
            "No report is waiting for approval. It appears here once a moderator has saved it."
        ),
        "returned": _(
            "No report has been given back. It stays here until its moderator saves it again."
        ),
        "undone": _("No report is waiting to be written anew because its submission was undone."),
        "approved": _("No report is approved yet. It appears here once you have approved it."),
    }
