"""For board staff: the centres there are, and their names."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import flash, render_template, request

from services.gateway import paths, service_paths
from services.gateway.calls import Answer
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.asked import is_centre_no, plain
from services.gateway.pages.refusals import by_field, why
from shared.folding import folded
from shared.i18n import gettext as _

Named = Mapping[str, str]
LONGEST = 100
LONGEST_NUMBER = 6
ROWS = 50


@page("/board/centres", access="board")
def board_centres(visit: Visit) -> Drawn:
    """Every centre by its number, or those whose number or name has what is searched for."""
    search = request.args.get("search", "")[:LONGEST]
    every = visit.services.part(service_paths.centres())
    listed = None if every is None else _page_of(_matching(every["centres"], search))
    return render_template("board/centres.html", listed=listed, search=search)


def _matching(centres: Sequence[Named], search: str) -> list[Named]:
    wanted = folded(search)
    return [one for one in centres if wanted in folded(one["centre_no"], one["name"])]


def _page_of(centres: Sequence[Named]) -> dict[str, Any]:
    """As the services give a page of a list."""
    given = request.args.get("page", "")[:LONGEST_NUMBER]
    number = max(int(given), 1) if given.isdecimal() else 1
    shown = centres[(number - 1) * ROWS : number * ROWS]
    return {"centres": shown, "total": len(centres), "page": number, "rows": ROWS}


@page("/board/centres/new", access="board", methods=("GET", "POST"))
def add_centre(visit: Visit) -> Drawn:
    """A centre that there is already keeps its name."""
    typed = {name: plain(name, LONGEST) for name in ("centre_no", "name")}
    if not visit.posted:
        return _adding(typed)
    if not is_centre_no(typed["centre_no"]):
        return _adding(typed, _("The number of a centre has five digits."))
    path = service_paths.centre(typed["centre_no"])
    known = visit.services.send("GET", path)
    if known.ok:
        return _adding(typed, _("This centre is there already: %(name)s.", **_name(known)))
    if known.status != HTTPStatus.NOT_FOUND:
        return _adding(typed, why(known))
    answer = visit.services.send("PUT", path, {"name": typed["name"]})
    return _named(answer) if answer.ok else _adding(typed, why(answer), answer)


def _name(answer: Answer) -> dict[str, str]:
    return {"name": answer.body["name"]}


def _adding(typed: Mapping[str, str], error: str = "", answer: Answer | None = None) -> str:
    at = next(iter(by_field(answer)), "centre_no")
    return render_template("board/centre.html", typed=typed, new=True, error=error, at=at)


def _named(answer: Answer) -> Drawn:
    flash(_("The centre is named %(name)s.", **_name(answer)), "success")
    return go_to(paths.board_centres())


@page("/board/centres/<centre_no>", access="board", methods=("GET", "POST"))
def rename_centre(visit: Visit, centre_no: str) -> Drawn:
    path = service_paths.centre(centre_no)
    known = visit.services.get(path)
    if not visit.posted:
        return render_template("board/centre.html", typed=known, new=False, error="", at="")
    name = plain("name", LONGEST)
    answer = visit.services.send("PUT", path, {"name": name})
    if answer.ok:
        return _named(answer)
    return render_template(
        "board/centre.html", typed=known | {"name": name}, new=False, error=why(answer), at="name"
    )
