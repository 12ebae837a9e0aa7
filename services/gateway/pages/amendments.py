"""The amendment form of a centre, and what became of the amendments it asked for."""

from collections.abc import Mapping

from flask import flash, render_template, request

from services.gateway import paths, service_paths
from services.gateway.calls import Json
from services.gateway.marksheet.fields import change_of, fields_of, key_at
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.once import once
from services.gateway.pages.refusals import why
from services.gateway.sheet_parts import SheetParts
from services.gateway.table import MIB
from shared.i18n import gettext as _
from shared.ids import new_id

DOCUMENT_LIMIT = 8 * MIB
BEYOND_MENDING = {403, 404}
OWN_FIELDS = ("candidate_no", "reason")


@page(
    "/centres/<centre_no>/papers/<paper_id>/amendments",
    access="signed-in",
    methods=("GET", "POST"),
    limit=DOCUMENT_LIMIT,
)
def amendments(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """What was asked for already, and for the centre the form to ask for more."""
    parts = SheetParts(visit.services, centre_no, paper_id)
    paper = visit.services.get(parts.marks)
    if not visit.posted:
        return _draw(parts, paper, {"candidate_no": request.args.get("candidate", "")})
    texts = {field.key: request.form.get(field.key, "").strip() for field in fields_of(paper)}
    own = {name: request.form.get(name, "").strip() for name in OWN_FIELDS}
    body = change_of(texts, dict.fromkeys(texts, "")) | own
    answer = visit.services.send("POST", f"{parts.marks}/amendment-requests", body, once(body))
    if answer.ok:
        said = _("The amendment of candidate %(no)s is asked for.", no=own["candidate_no"])
        flash(said + " " + _("You see the decision here."), "success")
        _add_document(parts, answer.body["id"])
        return go_to(paths.amendments(centre_no, paper_id))
    if answer.status in BEYOND_MENDING:
        raise answer.problem()
    errors = {_field(pointer, texts): said for pointer, said in answer.errors.items()}
    return _draw(parts, paper, own | texts, errors or {"candidate_no": why(answer)})


@page(
    "/centres/<centre_no>/papers/<paper_id>/amendments/<request_id>/document",
    access="signed-in",
    methods=("POST",),
    limit=DOCUMENT_LIMIT,
)
def add_document(visit: Visit, centre_no: str, paper_id: str, request_id: str) -> Drawn:
    """A document for a request that is not decided yet."""
    parts = SheetParts(visit.services, centre_no, paper_id)
    if _add_document(parts, request_id):
        flash(_("The document is added."), "success")
    return go_to(paths.amendments(centre_no, paper_id))


def _add_document(parts: SheetParts, request_id: str) -> bool:
    """Send the file of the form on, where there is one; what keeps it from being kept is said."""
    file = request.files.get("document")
    content = file.stream.read() if file else b""
    if not content:
        return False
    path = service_paths.document(parts.centre_no, parts.paper_id, request_id)
    # What it is, marks sees by itself.
    answer = parts.services.send_raw("PUT", path, content, {"Content-Type": "application/pdf"})
    if not answer.ok:
        flash(_("The document is not added: %(why)s", why=why(answer)), "danger")
    return answer.ok


def _field(pointer: str, texts: Mapping[str, str]) -> str:
    name = pointer.removeprefix("/")
    return name if name in OWN_FIELDS else key_at(pointer, texts)


def _draw(
    parts: SheetParts,
    paper: Json,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "amendments.html",
        centre_no=parts.centre_no,
        paper=paper,
        fields=fields_of(paper),
        typed=typed,
        errors=errors or {},
        listed=parts.services.get(f"{parts.marks}/amendment-requests")["requests"],
        once=new_id(),
    )
