"""Manage Users: the accounts of a centre, for its admins."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import flash, render_template, request

from services.gateway import paths, service_paths
from services.gateway.calls import Answer
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.asked import many, plain, which_page
from services.gateway.pages.csv_files import csv_file
from services.gateway.pages.once import once
from services.gateway.pages.refusals import by_field, why
from shared.csv_lines import joined
from shared.i18n import gettext as _
from shared.ids import new_id

NEW = ("first_name", "last_name", "email", "language", "account_type")
RESTRICTIONS = ("qualifications", "papers", "teaching_sets")
LONGEST = 320


@page("/centres/<centre_no>/users", access="signed-in")
def users(visit: Visit, centre_no: str) -> Drawn:
    """Everybody of the centre by surname, or those who match what is searched for."""
    asked = which_page()
    if request.args.get("format") == "csv":
        wanted = {"format": "csv", "search": asked["search"]}
        path = f"{service_paths.users(centre_no)}?{urlencode(wanted)}"
        return csv_file(visit, path, "users.csv")
    listed = visit.services.part(f"{service_paths.users(centre_no)}?{urlencode(asked)}")
    return render_template("users.html", centre_no=centre_no, listed=listed, search=asked["search"])


@page("/centres/<centre_no>/users/invite", access="signed-in", methods=("GET", "POST"))
def invite_user(visit: Visit, centre_no: str) -> Drawn:
    typed = {name: plain(name, LONGEST) for name in NEW}
    if not visit.posted:
        visit.services.get(f"{service_paths.users(centre_no)}?rows=1")
        return _invitation(centre_no, typed)
    answer = visit.services.send("POST", service_paths.invitations(centre_no), typed, once(typed))
    if not answer.ok:
        return _invitation(centre_no, typed, answer)
    flash(_("The invitation to %(email)s is on its way.", email=typed["email"]), "success")
    return go_to(paths.users(centre_no))


def _invitation(centre_no: str, typed: Mapping[str, str], answer: Answer | None = None) -> str:
    return render_template(
        "user_invite.html",
        centre_no=centre_no,
        typed=typed,
        errors=by_field(answer),
        error=why(answer) if answer else "",
        once=new_id(),
    )


@page("/centres/<centre_no>/users/<user_id>", access="signed-in", methods=("GET", "POST"))
def manage_user(visit: Visit, centre_no: str, user_id: str) -> Drawn:
    """Manage access of one person; each button of the page sends its own `action`."""
    path = service_paths.user(centre_no, user_id)
    member = visit.services.get(path)
    if not visit.posted:
        return _member(centre_no, member)
    act = ACTIONS.get(request.form.get("action", ""))
    answer = act(visit, path) if act else None
    if answer is None:
        return _member(centre_no, member)
    if not answer.ok:
        return _member(centre_no, member, why(answer))
    flash(_("Done: %(name)s.", name=f"{member['first_name']} {member['last_name']}"), "success")
    return go_to(paths.users(centre_no))


def _member(centre_no: str, member: Mapping[str, Any], error: str = "") -> str:
    restrictions = member.get("restrictions") or {}
    typed = {name: joined(restrictions.get(name, ())) for name in RESTRICTIONS}
    return render_template(
        "user.html", centre_no=centre_no, member=member, restrictions=typed, error=error
    )


def _change_access(visit: Visit, path: str) -> Answer:
    kind = "admin" if request.form.get("account_type") == "admin" else "user"
    wanted: dict[str, object] = {"account_type": kind}
    if kind == "user":
        wanted["iamis"] = "iamis" in request.form
        wanted["restrictions"] = {name: many(name) for name in RESTRICTIONS}
    return visit.services.send("PATCH", path, wanted)


def _become(status: str) -> Callable[[Visit, str], Answer]:
    return lambda visit, path: visit.services.send("PATCH", path, {"status": status})


ACTIONS: Mapping[str, Callable[[Visit, str], Answer]] = {
    "access": _change_access,
    "deactivate": _become("deactivated"),
    "reactivate": _become("active"),
    "resend": lambda visit, path: visit.services.send("POST", f"{path}/invitation"),
    "revoke": lambda visit, path: visit.services.send("DELETE", f"{path}/invitation"),
    "second-factor": lambda visit, path: visit.services.send("DELETE", f"{path}/second-factor"),
}
