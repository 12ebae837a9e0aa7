"""The audit trail of accounts: of a centre for its admins, of everything for the board."""

from http import HTTPStatus
from urllib.parse import urlencode

from flask import render_template, request

from services.gateway import paths, service_paths
from services.gateway.page import Drawn, Visit, page
from services.gateway.pages.asked import page_number
from shared.audit_words import ACCOUNTS, INSTALLATION, words_of

FILTERS = ("since", "until", "action")
UNSEEN = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


@page("/centres/<centre_no>/audit", access="signed-in")
def audit_of_centre(visit: Visit, centre_no: str) -> Drawn:
    return _draw(visit, paths.audit_of_centre(centre_no), service_paths.audit(centre_no), centre_no)


@page("/board/audit", access="board")
def audit(visit: Visit) -> Drawn:
    return _draw(visit, paths.audit(), service_paths.audit())


def _draw(visit: Visit, here: str, path: str, centre_no: str = "") -> Drawn:
    wanted = {name: request.args.get(name, "")[:60] for name in FILTERS}
    asked = {name: value for name, value in wanted.items() if value}
    part = urlencode(asked | {"page": page_number()})
    answer = visit.services.send("GET", f"{path}?{part}")
    if answer.status in UNSEEN:
        raise answer.problem()
    return render_template(
        "audit.html",
        here=here,
        centre_no=centre_no,
        wanted=wanted,
        actions=_actions(wanted["action"], of_centre=bool(centre_no)),
        file=f"{path}?{urlencode(asked | {'format': 'csv'})}",
        listed=answer.body if answer.ok else None,
        error=answer.detail if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY else "",
    )


def _actions(asked: str, *, of_centre: bool) -> dict[str, str]:
    """What can be looked for; an address may ask for others, or for all that begin with a word."""
    known = ACCOUNTS if of_centre else ACCOUNTS | INSTALLATION
    return {action: words_of(action) for action in (*known, asked) if action}
