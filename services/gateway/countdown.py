"""Whose a browser's session is and how long it lasts, for the countdown of its pages."""

from flask import Flask, Response, jsonify, request
from flask_wtf.csrf import generate_csrf

from services.gateway import cookies, paths
from services.gateway.state import gateway
from shared.access.rules import ANYONE


def install(app: Flask) -> None:
    """No page: whoever asks for one is noted as being there."""

    def session_left() -> Response:
        user_id, left = gateway().sessions.left(cookies.read(request, cookies.SESSION))
        # A page goes on with a session begun in another tab, if that is its own user's.
        response = jsonify(user=user_id, left=left, csrf=generate_csrf())
        response.headers["Cache-Control"] = "no-store"
        return response

    session_left.access_rule = ANYONE  # type: ignore[attr-defined]
    app.add_url_rule(paths.session(), view_func=session_left)
