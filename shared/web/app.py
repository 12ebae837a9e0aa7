"""The web application of a service: its routes in the frame, and what every service answers."""

import functools
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from flask import Flask, Response, current_app, jsonify, request
from werkzeug.routing import BaseConverter

from shared.access.rules import ANYONE
from shared.db import Database
from shared.errors import NotFoundError
from shared.i18n import gettext as _
from shared.ids import IDENTIFIER
from shared.revisions import Needed
from shared.web import health, language, logging, metrics, problems
from shared.web.frame import Frame
from shared.web.openapi import document
from shared.web.routes import Routes

ENDINGS = "iamis.endings"


class Identifier(BaseConverter):
    """A part of a path that names a thing."""

    regex = IDENTIFIER


def create_app(
    routes: Routes,
    database: Database,
    *,
    public: bool = False,
    is_working: Callable[[], bool] = lambda: True,
    needed: Needed = MappingProxyType({}),
) -> Flask:
    """The Flask application of one service; `public` is the one whose port people reach.

    `is_working` and `needed` are what it is ready with (`shared.web.health`).
    """
    app = Flask("shared.web", static_folder=None, template_folder=None)
    app.url_map.converters["default"] = Identifier
    app.extensions["iamis.database"] = database
    logging.install(app, public=public)
    app.before_request(_begin)
    app.before_request(_deny_undeclared)
    metrics.install(app, routes.service, exposed=not public)
    problems.install(app)
    health.install(app, database, is_working, needed)
    _add_routes(app, routes, Frame(database))
    _add_document(app, routes)
    app.after_request(_guard_headers)
    return app


def on_end(app: Flask, act: Callable[[], None]) -> None:
    """Have `act` done when the process is told to stop, to end answers that go on for long."""
    app.extensions.setdefault(ENDINGS, []).append(act)


def end(app: Flask) -> None:
    """Have everything done that was asked for with `on_end`."""
    for act in app.extensions.get(ENDINGS, ()):
        act()


def _add_routes(app: Flask, routes: Routes, frame: Frame) -> None:
    for route in routes.table:
        app.add_url_rule(
            route.path,
            endpoint=f"{route.method} {route.path}",
            view_func=frame.view_of(route),
            methods=[route.method],
        )


def _add_document(app: Flask, routes: Routes) -> None:
    @functools.cache
    def described() -> dict[str, Any]:
        return document(routes)

    def openapi() -> Response:
        return jsonify(described())

    openapi.access_rule = ANYONE  # type: ignore[attr-defined]
    app.add_url_rule(f"/api/{routes.service}/openapi.json", view_func=openapi)


def _begin() -> None:
    language.choose_language(request)


def _deny_undeclared() -> None:
    """A route nobody declared a rule for does not exist."""
    if request.endpoint is None:
        return
    if not hasattr(current_app.view_functions[request.endpoint], "access_rule"):
        raise NotFoundError(_("There is no such thing here."))


def _guard_headers(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
