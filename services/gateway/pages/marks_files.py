"""Marks from a file: the marksheet taken home and brought back, looked at before it is imported."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from flask import flash, render_template, request

from services.gateway import paths
from services.gateway.calls import Answer, Json
from services.gateway.packed import pack, unpack
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.refusals import why
from services.gateway.sheet_parts import SheetParts
from services.gateway.table import MIB
from shared.errors import ForbiddenError
from shared.i18n import gettext as _
from shared.i18n import ngettext
from shared.spreadsheets import CSV, XLSX, ZIP_BEGINS

# Ten thousand lines are a tenth of this.
LARGEST_FILE = 8 * MIB
NOT_THEIRS = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


@page(
    "/centres/<centre_no>/papers/<paper_id>/marks-file",
    access="signed-in",
    methods=("GET", "POST"),
    limit=2 * LARGEST_FILE,
)
def marks_file(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """A file is checked first; what it would change is shown, and imported when confirmed."""
    if not visit.user.works_for_centre:
        raise ForbiddenError(_("Marks are entered by the staff of the centre."))
    parts = SheetParts(visit.services, centre_no, paper_id)
    if not visit.posted:
        return _draw(parts)
    packed = request.form.get("packed", "")
    return _import(parts, unpack(packed, LARGEST_FILE)) if packed else _check(parts)


def _check(parts: SheetParts) -> Drawn:
    file = request.files.get("file")
    content = file.stream.read() if file else b""
    if not content:
        return _draw(parts, error=_("Choose a file first."))
    answer = _send(parts, content, dry_run="true")
    if not answer.ok:
        return _refused(parts, answer)
    return _draw(parts, looked=answer.body, packed=pack(content))


def _import(parts: SheetParts, content: bytes) -> Drawn:
    """What has changed since the look is refused, and everything is shown again as it is now."""
    answer = _send(parts, content, seen=request.form.get("seen", ""))
    if answer.ok:
        said = _imported(len(answer.body["changes"]))
        flash(said + " " + _("Please remember to submit your marks"), "success")
        return go_to(paths.marksheet(parts.centre_no, parts.paper_id))
    if "refused" not in answer.body:
        return _refused(parts, answer)
    again = _send(parts, content, dry_run="true")
    if not again.ok:
        return _refused(parts, again)
    return _draw(parts, error=why(answer), looked=again.body, packed=pack(content))


def _imported(count: int) -> str:
    """The same file imported again, by a second click, finds nothing to change."""
    if not count:
        return _("Everything in the file is there already.")
    return ngettext("%(num)s mark imported.", "%(num)s marks imported.", count)


def _send(parts: SheetParts, content: bytes, **query: str) -> Answer:
    media = {"Content-Type": XLSX if content.startswith(ZIP_BEGINS) else CSV}
    path = f"{parts.marks}/imports/marks?{urlencode(query)}"
    answer = parts.services.send_raw("POST", path, content, media)
    if answer.status in NOT_THEIRS:
        raise answer.problem()
    return answer


def _refused(parts: SheetParts, answer: Answer) -> Drawn:
    lines = [error["detail"] for error in answer.body.get("errors", [])]
    return _draw(parts, error=why(answer), lines=lines)


def _draw(
    parts: SheetParts,
    error: str = "",
    lines: Sequence[str] = (),
    looked: Json | None = None,
    packed: str = "",
) -> str:
    refused = looked["refused"] if looked else []
    return render_template(
        "marks_file.html",
        centre_no=parts.centre_no,
        paper=parts.services.get(parts.marks),
        error=error,
        lines=lines,
        looked=looked,
        locked=any(one["current"]["locked"] for one in refused),
        packed=packed,
    )
