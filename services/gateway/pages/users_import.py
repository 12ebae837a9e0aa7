"""Users from a file: the accounts of a centre, taken home and brought back."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import flash

from services.gateway import paths, service_paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.file_imports import drawing, import_file
from services.gateway.table import MIB
from shared.i18n import gettext as _

LARGEST = 4 * MIB


@page(
    "/centres/<centre_no>/users/import", access="signed-in", methods=("GET", "POST"), limit=LARGEST
)
def import_users(visit: Visit, centre_no: str) -> Drawn:
    """A file is checked first; what it would change is shown, and done when confirmed."""
    draw = drawing("users_import.html", centre_no=centre_no)
    if visit.posted:
        path = f"{service_paths.users(centre_no)}/import"
        return import_file(visit, path, draw, partial(_done, centre_no))
    visit.services.get(f"{service_paths.users(centre_no)}?rows=1")
    return draw()


def _done(centre_no: str, told: Mapping[str, Any]) -> Drawn:
    invited = sum(change["action"] == "invited" for change in told["changes"])
    said = _(
        "Done: %(invited)s invited, %(changed)s changed, %(unchanged)s as before.",
        invited=invited,
        changed=len(told["changes"]) - invited,
        unchanged=told["unchanged"],
    )
    flash(said, "success")
    return go_to(paths.users(centre_no))
