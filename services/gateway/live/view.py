"""`GET /api/events`, for tools with a token and for pages with their cookie."""

import re

from flask import Flask, Response, request

from services.gateway.live.document import EVENT_STREAM
from services.gateway.live.hub import Hub
from services.gateway.live.stream import stream
from services.gateway.state import browser_of_request, gateway
from shared.access.rules import SIGNED_IN
from shared.access.tokens import STALE, Admitted, admit
from shared.db import Database
from shared.errors import BadRequestError, UnauthenticatedError
from shared.i18n import gettext as _
from shared.web.app import on_end
from shared.web.frame import bearer_token

PATH = "/api/events"
NUMBER = re.compile(r"[0-9]{1,18}")
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def install(app: Flask) -> None:
    database: Database = app.extensions["iamis.database"]
    hub = Hub(database)

    def events() -> Response:
        admitted = _admitted(database)
        last_seen = _last_seen()
        if request.method == "HEAD":
            return Response(content_type=EVENT_STREAM, headers=HEADERS)
        listener = hub.listen(admitted.principal, admitted.until)
        told = stream(database, listener, last_seen)
        response = Response(told, content_type=f"{EVENT_STREAM}; charset=utf-8", headers=HEADERS)
        # In the stream's own `finally` this would not run for a client gone before it begins.
        response.call_on_close(lambda: hub.leave(listener))
        return response

    events.access_rule = SIGNED_IN  # type: ignore[attr-defined]
    app.add_url_rule(PATH, view_func=events, methods=["GET"], provide_automatic_options=False)
    on_end(app, hub.close)


def _admitted(database: Database) -> Admitted:
    browser = None if "Authorization" in request.headers else browser_of_request()
    if browser is None:
        return _admit(database, bearer_token(request))
    browser = gateway().sessions.fresh(browser)
    try:
        return _admit(database, browser.token)
    except UnauthenticatedError as error:
        if error.slug != STALE:
            raise
    return _admit(database, gateway().sessions.fresh(browser, rejected=browser.token).token)


def _admit(database: Database, token: str) -> Admitted:
    with database.reading() as session:
        return admit(session, token)


def _last_seen() -> int | None:
    """What the listener saw last, by itself or by whoever opens the stream for it."""
    given = request.headers.get("Last-Event-ID", request.args.get("last_event_id", ""))
    if given and not NUMBER.fullmatch(given):
        raise BadRequestError(_("Last-Event-ID is the id of an event of this stream."))
    return int(given) if given else None
