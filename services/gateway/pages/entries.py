"""For board staff: importing an entries file, after a look at what it would do."""

from collections.abc import Mapping
from typing import Any

from flask import flash

from services.gateway import paths, service_paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.file_imports import drawing, import_file
from services.gateway.table import CSV_LIMIT, MIB
from shared.i18n import gettext as _


@page("/board/entries", access="board", methods=("GET", "POST"), limit=CSV_LIMIT + MIB)
def import_entries(visit: Visit) -> Drawn:
    """A file is checked first; what it would change is shown, and imported when confirmed."""
    draw = drawing("entries.html")
    if not visit.posted:
        return draw()
    return import_file(visit, service_paths.entries_import(), draw, _imported, named=True)


def _imported(counts: Mapping[str, Any]) -> Drawn:
    said = _(
        "Imported: %(added)s added, %(changed)s changed, %(withdrawn)s withdrawn, "
        "%(unchanged)s as before.",
        **counts,
    )
    flash(said, "success")
    return go_to(paths.board())
