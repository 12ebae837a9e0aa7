"""For board staff: who moderates which paper of which centre."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import flash, render_template, request

from services.gateway import paths, service_paths
from services.gateway.calls import Answer
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.asked import is_centre_no, plain, which_page
from services.gateway.pages.csv_files import csv_file
from services.gateway.pages.refusals import by_field, why
from shared.access.rules import not_found
from shared.i18n import gettext as _

NEW = ("centre_no", "paper_id", "email")
LONGEST = 320
MOST_APPOINTEES = 2000


@page("/board/allocations", access="board", methods=("GET", "POST"))
def board_allocations(visit: Visit) -> Drawn:
    """All of them by centre, or those that match; the form of each ends it."""
    if not visit.posted:
        return _list(visit)
    named = plain("allocation", LONGEST)
    if not named.isalnum():
        raise not_found()
    answer = visit.services.send("DELETE", service_paths.allocation(named))
    if not answer.ok:
        return _list(visit, why(answer))
    flash(_("The allocation has been removed."), "success")
    return go_to(paths.board_allocations())


def _list(visit: Visit, error: str = "") -> Drawn:
    asked = which_page()
    if request.args.get("format") == "csv":
        wanted = {"format": "csv", "search": asked["search"]}
        path = f"{service_paths.allocations()}?{urlencode(wanted)}"
        return csv_file(visit, path, "allocations.csv")
    listed = visit.services.part(f"{service_paths.allocations()}?{urlencode(asked)}")
    return render_template(
        "board/allocations.html", listed=listed, search=asked["search"], error=error
    )


@page("/board/allocations/new", access="board", methods=("GET", "POST"))
def allocate(visit: Visit) -> Drawn:
    """First the centre, which the address then names; then one of its papers, and who."""
    if not visit.posted:
        centre_no = request.args.get("centre_no", "")[:LONGEST].strip()
        return _form(visit, dict.fromkeys(NEW, "") | {"centre_no": centre_no})
    typed = {name: plain(name, LONGEST) for name in NEW}
    answer = visit.services.send("POST", service_paths.allocations(), typed)
    if not answer.ok:
        return _form(visit, typed, answer)
    flash(_("%(name)s moderates this paper now.", name=answer.body["name"]), "success")
    return go_to(f"{paths.board_allocations()}?{urlencode({'search': typed['centre_no']})}")


def _form(visit: Visit, typed: Mapping[str, str], answer: Answer | None = None) -> str:
    wanted = urlencode({"kind": "appointee", "rows": MOST_APPOINTEES})
    appointees = visit.services.part(f"{service_paths.people()}?{wanted}")
    known = is_centre_no(typed["centre_no"])
    path = service_paths.papers(typed["centre_no"])
    papers = visit.services.part(path, absent={"papers": []}) if known else None
    return render_template(
        "board/allocate.html",
        typed=typed,
        chosen=known,
        papers=papers,
        appointees=appointees,
        errors=by_field(answer),
        error=why(answer) if answer else _misnamed(typed["centre_no"]),
    )


def _misnamed(centre_no: str) -> str:
    named = not centre_no or is_centre_no(centre_no)
    return "" if named else _("The number of a centre has five digits.")
