"""Submitting a paper: what is missing, the declarations, and the receipt."""

from http import HTTPStatus

from flask import render_template, request

from services.gateway import paths
from services.gateway.calls import Answer
from services.gateway.marksheet.fields import cell_of
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.refusals import why
from services.gateway.sheet_parts import SheetParts

DECLARATIONS = ("authenticated", "standardised", "candidates_informed")
NOT_THEIRS = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


@page(
    "/centres/<centre_no>/papers/<paper_id>/submission", access="signed-in", methods=("GET", "POST")
)
def submission(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """What is missing; when nothing is, the form; when submitted, the receipt.

    The form goes back to this page: sent twice, or seen again with the back button, the receipt is
    the same.
    """
    parts = SheetParts(visit.services, centre_no, paper_id)
    if not visit.posted:
        return _draw(parts)
    declared = {name: name in request.form for name in DECLARATIONS}
    body = {"declarations": declared}
    answer = visit.services.send("POST", f"{parts.marks}/submission", body)
    if answer.ok:
        return go_to(paths.submission(centre_no, paper_id))
    if answer.status in NOT_THEIRS:
        raise answer.problem()
    return _draw(parts, answer)


def _draw(parts: SheetParts, refusal: Answer | None = None) -> str:
    """The page as marks has it now; what it refused is said above and beside the fields."""
    paper = parts.services.get(parts.marks)
    readiness = parts.services.get(f"{parts.marks}/submission")
    receipt = readiness["receipt"]
    sample = parts.sample_after(receipt) if receipt else None
    return render_template(
        "submission.html",
        centre_no=parts.centre_no,
        paper=paper,
        readiness=readiness,
        cell_of=cell_of,
        receipt=receipt,
        sample=sample,
        awaited=parts.awaited(paper, sample),
        error=why(refusal) if refusal else "",
        errors=refusal.errors if refusal else {},
        declared=[name for name in DECLARATIONS if name in request.form],
    )
