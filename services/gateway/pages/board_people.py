"""For board staff: appointees and board staff, who are invited, changed and taken out of use."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import flash, render_template, request

from services.gateway import paths, service_paths
from services.gateway.calls import Answer, Json
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.asked import many, plain, which_page
from services.gateway.pages.refusals import by_field, why
from shared.access.rules import not_found
from shared.i18n import gettext as _

KIND = "<any(appointee, board):kind>"
NEW = ("first_name", "last_name", "email", "language")
FOR_APPOINTEES = ("address", "works_at")
LONGEST = 1000
STATUSES = {"deactivate": "deactivated", "reactivate": "active"}


@page(f"/board/accounts/{KIND}", access="board")
def people(visit: Visit, kind: str) -> Drawn:
    """Everybody of the kind by surname, or those who match what is searched for."""
    asked = which_page()
    listed = visit.services.part(f"{service_paths.people()}?{urlencode(asked | {'kind': kind})}")
    search = asked["search"]
    return render_template("board/people.html", kind=kind, listed=listed, search=search)


@page(f"/board/accounts/{KIND}/invite", access="board", methods=("GET", "POST"))
def invite_person(visit: Visit, kind: str) -> Drawn:
    typed = {name: plain(name, LONGEST) for name in NEW + FOR_APPOINTEES}
    if not visit.posted:
        return _invitation(kind, typed)
    wanted: dict[str, Any] = {name: typed[name] for name in NEW} | {"kind": kind}
    if kind == "appointee":
        wanted |= {"address": typed["address"], "works_at": many("works_at")}
    answer = visit.services.send("POST", service_paths.people(), wanted)
    if not answer.ok:
        return _invitation(kind, typed, answer)
    flash(_("The invitation to %(email)s is on its way.", email=typed["email"]), "success")
    return go_to(paths.people(kind))


def _invitation(kind: str, typed: Mapping[str, str], answer: Answer | None = None) -> str:
    error = why(answer) if answer else ""
    return render_template(
        "board/invite.html", kind=kind, typed=typed, errors=by_field(answer), error=error
    )


@page(f"/board/accounts/{KIND}/<user_id>", access="board", methods=("GET", "POST"))
def person(visit: Visit, kind: str, user_id: str) -> Drawn:
    """One of them; each button of the page sends its own `action`."""
    path = service_paths.person(user_id)
    shown = visit.services.get(path)
    if shown["kind"] != kind:
        raise not_found()
    wanted = _wanted(kind) if visit.posted else None
    if wanted is None:
        return _person(kind, shown, {})
    answer = visit.services.send("PATCH", path, wanted)
    if not answer.ok:
        return _person(kind, shown, wanted, answer)
    flash(_("Done: %(name)s.", name=f"{shown['first_name']} {shown['last_name']}"), "success")
    return go_to(paths.people(kind))


def _wanted(kind: str) -> Json | None:
    """What the button that was pressed changes; None for one that there is not."""
    action = request.form.get("action", "")
    if action == "save" and kind == "appointee":
        return _changed()
    return {"status": STATUSES[action]} if action in STATUSES else None


def _changed() -> Json:
    """What was typed over: the rest stays, also where somebody else has changed it meanwhile."""
    changed: Json = {}
    if plain("address", LONGEST) != plain("address_was", LONGEST):
        changed["address"] = plain("address", LONGEST)
    if many("works_at") != many("worked_at"):
        changed |= {"works_at": many("works_at"), "worked_at": many("worked_at")}
    return changed


def _person(kind: str, shown: Json, wanted: Json, answer: Answer | None = None) -> str:
    return render_template(
        "board/person.html",
        kind=kind,
        person=shown,
        typed=shown | wanted,
        errors=by_field(answer),
        error=why(answer) if answer else "",
    )
