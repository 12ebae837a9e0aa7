"""For board staff: a paper that is not complete yet, gone on with."""

from typing import Any

from flask import flash, request

from services.gateway import draft_paths, paper_form, paths, service_paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.board_papers import added, draw_form
from services.gateway.paper_form import Fields
from shared.i18n import gettext as _


@page("/board/papers/drafts/<draft_id>", access="board", methods=("GET", "POST"))
def paper_draft(visit: Visit, draft_id: str) -> Drawn:
    """The form as it was left: kept again, dropped, or added once it is complete."""
    path = draft_paths.kept_one(draft_id)
    if visit.posted and request.form.get("do") == "drop":
        visit.services.send("DELETE", path)
        flash(_("The draft is removed."), "success")
        return go_to(paths.catalogue())
    draft = visit.services.get(path)
    if not visit.posted:
        return draw_form(visit, _typed_before(draft["given"]), draft=draft)
    fields, version = paper_form.typed(), paper_form.version_typed()
    if request.form.get("do") != "keep":
        paper = paper_form.as_paper(fields) | {"draft": draft_id, "draft_version": version}
        answer = visit.services.send("POST", service_paths.catalogue(), paper)
        return added(answer) if answer.ok else draw_form(visit, fields, answer, draft=draft)
    answer = visit.services.send("PUT", path, {"given": fields, "version": version})
    if not answer.ok:
        return draw_form(visit, fields, answer, draft=draft)
    flash(_("The draft is kept."), "success")
    return go_to(draft_paths.of(draft_id))


def _typed_before(given: dict[str, Any]) -> Fields:
    """What the form knows of it."""
    empty = paper_form.blank(None)
    return empty | {
        name: value
        for name, value in given.items()
        if name in empty and isinstance(value, type(empty[name]))
    }
