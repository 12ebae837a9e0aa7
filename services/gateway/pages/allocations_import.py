"""For board staff: allocations from a file, after a look at what it would do."""

from collections.abc import Mapping
from typing import Any

from flask import flash

from services.gateway import paths, service_paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.file_imports import drawing, import_file
from services.gateway.table import MIB
from shared.i18n import gettext as _


@page("/board/allocations/import", access="board", methods=("GET", "POST"), limit=4 * MIB)
def import_allocations(visit: Visit) -> Drawn:
    """A file is checked first; what it would change is shown, and done when confirmed."""
    draw = drawing("board/allocations_import.html")
    path = f"{service_paths.allocations()}/import"
    return import_file(visit, path, draw, _done) if visit.posted else draw()


def _done(told: Mapping[str, Any]) -> Drawn:
    allocated = sum(change["action"] == "allocated" for change in told["changes"])
    said = _(
        "Done: %(allocated)s allocated, %(removed)s removed, %(unchanged)s as before.",
        allocated=allocated,
        removed=len(told["changes"]) - allocated,
        unchanged=told["unchanged"],
    )
    flash(said, "success")
    return go_to(paths.board_allocations())
