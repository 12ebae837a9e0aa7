"""`/livez` says that the process answers, `/readyz` that its own database does."""

from flask import Flask, Response, jsonify
from sqlalchemy import text

from shared.access.rules import ANYONE
from shared.db import Database


def install(app: Flask, database: Database) -> None:
    def livez() -> Response:
        return jsonify(status="ok")

    def readyz() -> Response:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
        return jsonify(status="ok")

    for view in (livez, readyz):
        view.access_rule = ANYONE  # type: ignore[attr-defined]
        app.add_url_rule(f"/{view.__name__}", view_func=view)
