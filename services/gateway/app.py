"""The gateway: the pages, and the one door to every service's interface."""

from pathlib import Path

from flask import Flask, Response, request

from services.gateway import cookies, countdown, csrf, errors, layout, proxy, troubles, whole
from services.gateway.handlers import HANDLERS
from services.gateway.live import view
from services.gateway.live.housekeeping import keep_house
from services.gateway.models import Base
from services.gateway.pages import PAGES
from services.gateway.state import Gateway, gateway
from services.gateway.table import MIB
from shared.access.rules import ANYONE
from shared.service import Service
from shared.settings import settings
from shared.web.routes import Routes

# The largest form of a page, in bytes: a marksheet of 2,000 candidates, four times over.
FORM_BYTES = 4 * MIB


def add_pages_and_proxy(app: Flask) -> None:
    """Make a service's application the gateway."""
    app.secret_key, *earlier = settings().secret_keys
    app.config["SECRET_KEY_FALLBACKS"] = earlier
    app.config["MAX_FORM_MEMORY_SIZE"] = FORM_BYTES
    cookies.configure(app)
    layout.install(app, Gateway.install(app))
    csrf.configure(app)
    errors.install(app)
    whole.install(app)
    view.install(app)
    proxy.install(app)
    countdown.install(app)
    troubles.install(app)
    for page in PAGES:
        app.add_url_rule(page.path, page.name, page, methods=page.methods)
    _add_static(app)


def _add_static(app: Flask) -> None:
    def static_file(path: str) -> Response:
        return gateway().assets.answer(request, path)

    def favicon() -> Response:
        return gateway().assets.answer(request, "favicon.svg")

    static_file.access_rule = ANYONE  # type: ignore[attr-defined]
    favicon.access_rule = ANYONE  # type: ignore[attr-defined]
    app.add_url_rule("/static/<path:path>", view_func=static_file)
    app.add_url_rule("/favicon.ico", view_func=favicon)


SERVICE = Service(
    name="gateway",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routes=Routes("gateway"),
    own_handlers=HANDLERS,
    beside={"live events": keep_house},
    extend=add_pages_and_proxy,
    public=True,
)
