"""`/livez` says that the process answers, `/readyz` that its own database does, and all beside."""

from collections.abc import Callable

from flask import Flask, Response, jsonify
from sqlalchemy import text

from shared.access.rules import ANYONE
from shared.db import Database
from shared.errors import UnavailableError
from shared.i18n import gettext as _

COME_AGAIN_SECONDS = 5


def install(app: Flask, database: Database, is_working: Callable[[], bool]) -> None:
    """Add both; `is_working` tells of what runs beside the application in this process."""

    def livez() -> Response:
        return jsonify(status="ok")

    def readyz() -> Response:
        if not is_working():
            raise UnavailableError(
                _("Events are not being worked on."),
                headers={"Retry-After": str(COME_AGAIN_SECONDS)},
            )
        with database.reading() as session:
            session.execute(text("SELECT 1"))
        return jsonify(status="ok")

    for view in (livez, readyz):
        view.access_rule = ANYONE  # type: ignore[attr-defined]
        app.add_url_rule(f"/{view.__name__}", view_func=view)
