"""How long a browser's session lasts, for the countdown of its pages."""

from flask import Flask, Response, jsonify, request
from flask_wtf.csrf import generate_csrf

from services.gateway import cookies, paths
from services.gateway.state import gateway
from shared.access.rules import ANYONE


def install(app: Flask) -> None:
    """No page: whoever asks for one is noted as being there."""

    def session_left() -> Response:
        left = gateway().sessions.seconds_left(cookies.read(request, cookies.SESSION))
        # Signed in again in another tab, this one needs the token of the new session.
        response = jsonify(left=left, csrf=generate_csrf())
        response.headers["Cache-Control"] = "no-store"
        return response

    session_left.access_rule = ANYONE  # type: ignore[attr-defined]
    app.add_url_rule(paths.session(), view_func=session_left)
