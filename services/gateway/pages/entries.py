"""For board staff: importing an entries file, after a look at what it would do."""

from flask import flash, render_template, request

from services.gateway import paths
from services.gateway.calls import Answer
from services.gateway.packed import pack, unpack
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.refusals import why
from services.gateway.table import CSV_LIMIT, MIB
from shared.errors import ForbiddenError
from shared.i18n import gettext as _

IMPORTS = "/api/marks/imports/entries"
CSV = {"Content-Type": "text/csv"}


@page("/board/entries", access="signed-in", methods=("GET", "POST"), limit=CSV_LIMIT + MIB)
def import_entries(visit: Visit) -> Drawn:
    """A file is checked first; what it would change is shown, and imported when confirmed."""
    if visit.user.role != "board":
        raise ForbiddenError(_("Entries are imported by the staff of the awarding body."))
    if not visit.posted:
        return _draw()
    packed = request.form.get("packed", "")
    return _import(visit, unpack(packed, CSV_LIMIT)) if packed else _check(visit)


def _check(visit: Visit) -> Drawn:
    file = request.files.get("file")
    content = file.stream.read() if file else b""
    if not content:
        return _draw(error=_("Choose a file first."))
    answer = visit.services.send_raw("POST", f"{IMPORTS}?dry_run=true", content, CSV)
    if not answer.ok:
        return _refused(answer)
    return _draw(counts=answer.body, packed=pack(content))


def _import(visit: Visit, content: bytes) -> Drawn:
    answer = visit.services.send_raw("POST", IMPORTS, content, CSV)
    if not answer.ok:
        return _refused(answer)
    said = _(
        "Imported: %(added)s added, %(changed)s changed, %(withdrawn)s withdrawn, "
        "%(unchanged)s as before.",
        **answer.body,
    )
    flash(said, "success")
    return go_to(paths.board())


def _refused(answer: Answer) -> Drawn:
    lines = [error["detail"] for error in answer.body.get("errors", [])]
    return _draw(error=why(answer), lines=lines)


def _draw(
    error: str = "", lines: list[str] | None = None, counts: object = None, packed: str = ""
) -> str:
    return render_template(
        "entries.html", error=error, lines=lines or [], counts=counts, packed=packed
    )
