"""Evidence: the files of the sampled candidates, uploading and deleting them."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import flash, render_template, request
from werkzeug.datastructures import FileStorage

from services.gateway import paths, service_paths
from services.gateway.evidence import Parts, sections, situation
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.refusals import why
from services.gateway.sheet_parts import SheetParts
from services.gateway.table import FILE_LIMIT
from shared import clock
from shared.errors import NotFoundError
from shared.i18n import gettext as _
from shared.i18n import ngettext
from shared.settings import settings

Refusals = Sequence[str]
NONE: Refusals = ()


@page("/centres/<centre_no>/papers/<paper_id>/evidence", access="signed-in")
def evidence(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """The files of every sampled candidate and of the group."""
    return _draw(visit, centre_no, paper_id)


@page(
    "/centres/<centre_no>/papers/<paper_id>/evidence/<place>",
    access="signed-in",
    methods=("GET", "POST"),
    limit=FILE_LIMIT,
)
def upload_evidence(visit: Visit, centre_no: str, paper_id: str, place: str) -> Drawn:
    """Takes files for one place; of several, those that are good are kept."""
    back = paths.evidence_of(centre_no, paper_id, place)
    if not visit.posted:
        return go_to(back)
    chosen = [file for file in request.files.getlist("file") if file.filename]
    refusals = _send(visit, service_paths.files(centre_no, paper_id, place), chosen)
    kept = len(chosen) - len(refusals)
    if kept:
        flash(ngettext("%(num)s file is uploaded.", "%(num)s files are uploaded.", kept), "success")
    if chosen and not refusals:
        return go_to(back)
    refusals = refusals or [_("Choose a file first.")]
    return _draw(visit, centre_no, paper_id, place, refusals)


@page(
    "/centres/<centre_no>/papers/<paper_id>/evidence/<place>/<file_id>/delete",
    access="signed-in",
    methods=("GET", "POST"),
)
def delete_evidence(visit: Visit, centre_no: str, paper_id: str, place: str, file_id: str) -> Drawn:
    """Asks before a file is deleted; deleted already (a second click) is as good."""
    at = service_paths.files(centre_no, paper_id, place)
    back = paths.evidence_of(centre_no, paper_id, place)
    if not visit.posted:
        listed = visit.services.get(at)["files"]
        file = next((one for one in listed if one["id"] == file_id), None)
        if file is None:
            flash(_("This file is deleted already."), "info")
            return go_to(back)
        return render_template("evidence_delete.html", file=file, place=place, back=back)
    answer = visit.services.send("DELETE", f"{at}/{file_id}")
    if answer.ok:
        flash(_("The file is deleted."), "success")
    elif answer.status == HTTPStatus.NOT_FOUND:
        flash(_("This file is deleted already."), "info")
    else:
        flash(_("The file is not deleted: %(why)s", why=why(answer)), "danger")
    return go_to(back)


def _send(visit: Visit, at: str, files: Sequence[FileStorage]) -> list[str]:
    """Send the files on, one after another; what was said of those that were refused."""
    answers = [(file.filename, visit.services.send_file(at, file)) for file in files]
    return [f"{name}: {why(answer)}" for name, answer in answers if not answer.ok]


def _draw(
    visit: Visit, centre_no: str, paper_id: str, refused_at: str = "", refusals: Refusals = NONE
) -> str:
    asked = SheetParts(visit.services, centre_no, paper_id)
    parts = Parts(asked.paper(), asked.sample(), asked.sampled(), asked.files())
    made = sections(parts, clock.today().isoformat())
    if refused_at and refused_at not in {section.place for section in made}:
        raise NotFoundError(_("There is no such thing here."))
    return render_template(
        "evidence.html",
        centre_no=centre_no,
        paper_id=paper_id,
        paper=parts.paper,
        sample=parts.sample,
        awaited=asked.awaited(parts.paper, parts.sample),
        situation=situation(parts),
        sections=made,
        refused_at=refused_at,
        refusals=refusals,
        largest=settings().max_file_bytes,
    )
