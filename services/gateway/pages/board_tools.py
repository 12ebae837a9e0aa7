"""For board staff: service accounts, whose secrets are shown once."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, render_template, request

from services.gateway import paths, service_paths
from services.gateway.calls import Answer
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.asked import many, plain
from services.gateway.pages.refusals import by_field, why
from shared.access.rules import not_found
from shared.i18n import gettext as _

LONGEST = 100


@page("/board/service-accounts", access="board")
def tools(visit: Visit) -> Drawn:
    listed = visit.services.part(service_paths.tools())
    return render_template("board/tools.html", listed=listed)


@page("/board/service-accounts/new", access="board", methods=("GET", "POST"))
def add_tool(visit: Visit) -> Drawn:
    """The page that answers the form has the secret, this once."""
    typed = {"name": plain("name", LONGEST), "centres": request.form.get("centres", "")}
    chosen = request.form.getlist("scopes")
    if not visit.posted:
        return _form(typed, chosen)
    wanted = {"name": typed["name"], "scopes": chosen, "centres": many("centres")}
    answer = visit.services.send("POST", service_paths.tools(), wanted)
    return _secret(answer) if answer.ok else _form(typed, chosen, answer)


def _form(typed: Mapping[str, str], chosen: Sequence[str], answer: Answer | None = None) -> str:
    return render_template(
        "board/tool_form.html",
        typed=typed,
        chosen=chosen,
        scopes=_scopes(),
        errors=by_field(answer),
        error=why(answer) if answer else "",
    )


def _scopes() -> dict[str, str]:
    """What a tool may be allowed, and what that is to a reader."""
    return {
        "marks:read": _("read marks"),
        "entries:write": _("load entries"),
        "samples:read": _("read samples"),
        "evidence:read": _("read evidence"),
        "reports:read": _("read reports"),
    }


@page("/board/service-accounts/<client_id>", access="board", methods=("GET", "POST"))
def tool(visit: Visit, client_id: str) -> Drawn:
    """One of them; each button of the page sends its own `action`."""
    shown = _one(visit, client_id)
    path = service_paths.tool(client_id)
    action = request.form.get("action", "")
    if action == "renew":
        answer = visit.services.send("POST", f"{path}/secret")
        return _secret(answer) if answer.ok else _tool(shown, why(answer))
    if action == "revoke":
        answer = visit.services.send("DELETE", path)
        return _revoked(shown["name"]) if answer.ok else _tool(shown, why(answer))
    return _tool(shown)


def _one(visit: Visit, client_id: str) -> dict[str, Any]:
    listed = visit.services.get(service_paths.tools())["service_accounts"]
    found = next((one for one in listed if one["client_id"] == client_id), None)
    if found is None:
        raise not_found()
    return dict(found)


def _tool(shown: Mapping[str, Any], error: str = "") -> str:
    return render_template("board/tool.html", tool=shown, error=error)


def _secret(answer: Answer) -> str:
    return render_template("board/tool_secret.html", tool=answer.body)


def _revoked(name: str) -> Drawn:
    flash(_("%(name)s is revoked: its tokens are good no longer.", name=name), "success")
    return go_to(paths.tools())
