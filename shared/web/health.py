"""`/livez` says that the process answers, `/readyz` that its own database does, and all beside."""

from collections.abc import Callable

from flask import Flask, Response, jsonify

from shared.access.rules import ANYONE
from shared.db import Database
from shared.errors import UnavailableError
from shared.i18n import gettext as _
from shared.revisions import Needed, are_there

COME_AGAIN_SECONDS = 5


def install(app: Flask, database: Database, is_working: Callable[[], bool], needed: Needed) -> None:
    """Add both; `is_working` tells of what runs beside the application in this process.

    `needed` are the revisions without which there is no work to be done on the database.
    """

    def livez() -> Response:
        return jsonify(status="ok")

    def readyz() -> Response:
        if not is_working():
            raise unavailable(_("Events are not being worked on."))
        if not are_there(database, needed):
            raise unavailable(_("The tables are not those of this release."))
        return jsonify(status="ok")

    def unavailable(why: str) -> UnavailableError:
        return UnavailableError(why, headers={"Retry-After": str(COME_AGAIN_SECONDS)})

    for view in (livez, readyz):
        view.access_rule = ANYONE  # type: ignore[attr-defined]
        app.add_url_rule(f"/{view.__name__}", view_func=view)
