"""Submitting several papers at once: one check list and one set of declarations, a receipt each."""

from http import HTTPStatus
from typing import Any

from flask import render_template, request

from services.gateway import service_paths
from services.gateway.calls import Answer, Json
from services.gateway.marksheet.fields import cell_of
from services.gateway.menu import is_ready
from services.gateway.page import Drawn, Visit, page
from services.gateway.pages.refusals import why
from services.gateway.pages.submission import DECLARATIONS
from shared.errors import ForbiddenError
from shared.i18n import gettext as _


@page("/centres/<centre_no>/submissions", access="signed-in", methods=("GET", "POST"))
def submissions(visit: Visit, centre_no: str) -> Drawn:
    """The papers that are ready, to be ticked; then what became of each.

    Each is a submission of its own: one that fails keeps no other back, and the form sent twice
    shows the same receipts.
    """
    if not visit.user.works_for_centre:
        raise ForbiddenError(_("Marks are submitted by the staff of the centre."))
    papers = visit.services.get(service_paths.papers(centre_no))["papers"]
    ticked = set(request.form.getlist("papers"))
    if not visit.posted:
        return _draw(visit, centre_no, papers)
    chosen = [paper for paper in papers if paper["id"] in ticked]
    if not chosen:
        return _draw(visit, centre_no, papers, error=_("Tick the papers to be submitted."))
    first, *others = chosen
    answer = _submit(visit, centre_no, first)
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        # What is not declared is declared for none of them.
        return _draw(visit, centre_no, papers, answer)
    results = [_result(first, answer)]
    results += [_result(paper, _submit(visit, centre_no, paper)) for paper in others]
    return render_template("submissions_done.html", centre_no=centre_no, results=results)


def _submit(visit: Visit, centre_no: str, paper: Json) -> Answer:
    declared = {name: name in request.form for name in DECLARATIONS}
    path = f"{service_paths.marks(centre_no, paper['id'])}/submission"
    return visit.services.send("POST", path, {"declarations": declared})


def _result(paper: Json, answer: Answer) -> Json:
    done = answer.ok
    return {
        "paper": paper,
        "receipt": answer.body if done else None,
        "error": "" if done else why(answer),
        "missing": answer.body.get("missing", []) if not done else [],
    }


def _draw(
    visit: Visit,
    centre_no: str,
    papers: list[Json],
    refusal: Answer | None = None,
    error: str = "",
) -> str:
    ready = [paper for paper in papers if is_ready(paper)]
    return render_template(
        "submissions.html",
        centre_no=centre_no,
        rows=[_row(visit, centre_no, paper) for paper in ready],
        ticked=set(request.form.getlist("papers")) if visit.posted else {p["id"] for p in ready},
        declared=[name for name in DECLARATIONS if name in request.form],
        errors=refusal.errors if refusal else {},
        error=error,
        cell_of=cell_of,
    )


def _row(visit: Visit, centre_no: str, paper: Json) -> dict[str, Any]:
    """A paper with what looks wrong in it; where that is not told now, only the paper."""
    told = visit.services.part(f"{service_paths.marks(centre_no, paper['id'])}/submission")
    count = paper["candidates"] - paper["submitted"]
    return {"paper": paper, "count": count, "doubts": told["doubts"] if told else []}
