"""For board staff: copying papers of the last series into a new one, after a look."""

from typing import Any

from flask import flash, render_template, request

from services.gateway import paper_form, paths, service_paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.asked import plain
from services.gateway.pages.board_papers import name_of
from services.gateway.pages.refusals import why
from shared.i18n import gettext as _
from shared.i18n import ngettext

LONGEST = 20


@page("/board/papers/copy", access="board", methods=("GET", "POST"))
def copy_papers(visit: Visit) -> Drawn:
    """First what would be copied is shown, with its new dates; then the papers that are ticked."""
    series = visit.services.get(service_paths.series())["series"]
    names = [name_of(one["series"]) for one in series]
    typed = {name: plain(name, LONGEST) for name in ("from", "month", "year")}
    if not visit.posted:
        return _draw(names, typed | {"from": request.args.get("from", "")[:LONGEST]})
    ticked = request.form.getlist("papers")
    copying = request.form.get("action") == "copy"
    if copying and not ticked:
        return _look(visit, names, typed, _("Tick the papers to be copied."))
    if not copying:
        return _look(visit, names, typed)
    answer = visit.services.send(
        "POST", service_paths.copies(), _wanted(typed) | {"papers": ticked}
    )
    if not answer.ok:
        return _draw(names, typed, why(answer))
    made = sum(1 for one in answer.body["papers"] if one["id"])
    flash(ngettext("%(num)s paper is copied.", "%(num)s papers are copied.", made), "success")
    return go_to(f"{paths.catalogue()}?series={typed['month']}+{typed['year']}")


def _look(visit: Visit, names: list[str], typed: dict[str, str], error: str = "") -> str:
    path = f"{service_paths.copies()}?dry_run=true"
    answer = visit.services.send("POST", path, _wanted(typed))
    if not answer.ok:
        return _draw(names, typed, why(answer))
    return _draw(names, typed, error, answer.body)


def _wanted(typed: dict[str, str]) -> dict[str, Any]:
    month, _space, year = typed["from"].partition(" ")
    return {
        "from": paper_form.series_of(month, year),
        "to": paper_form.series_of(typed["month"], typed["year"]),
    }


def _draw(
    names: list[str], typed: dict[str, str], error: str = "", seen: dict[str, Any] | None = None
) -> str:
    return render_template(
        "board/copy.html",
        names=names,
        typed=typed,
        error=error,
        seen=seen,
        months=paper_form.MONTHS,
    )
