"""Refusals as RFC 9457 problems: one handler for every exception, no driver text in an answer."""

import logging
from http import HTTPStatus

from flask import Flask, Response, json
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from shared import context
from shared.db import is_away
from shared.errors import ProblemError, UnavailableError, UnprocessableError
from shared.i18n import gettext as _

PROBLEM = "application/problem+json"

log = logging.getLogger(__name__)


def _title(status: int) -> str:
    titles = {
        400: _("The request cannot be read"),
        401: _("Please sign in"),
        403: _("Not permitted"),
        404: _("Not found"),
        405: _("Not possible here"),
        409: _("Not possible now"),
        413: _("Too large"),
        414: _("The address is too long"),
        415: _("A content type that is not read here"),
        416: _("There is no such part"),
        422: _("Something is not right"),
        429: _("Too many requests"),
        431: _("The headers are too long"),
        500: _("Something went wrong on our side"),
        503: _("Not available now"),
    }
    return titles.get(status) or HTTPStatus(status).phrase


def problem(error: ProblemError) -> Response:
    """The response that tells of `error`."""
    body = {
        "type": error.type,
        "title": _title(error.status),
        "status": error.status,
        "detail": error.detail,
        "request_id": context.request_id(),
        **error.extra,
    }
    if error.errors:
        body["errors"] = [field.as_json() for field in error.errors]
    headers = dict(error.headers)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return Response(json.dumps(body), error.status, headers, content_type=PROBLEM)


def problem_body(status: int, detail: str = "") -> dict[str, object]:
    """A problem of which the status says all."""
    return {
        "type": "about:blank",
        "title": _title(status),
        "status": status,
        "detail": detail or _title(status) + ".",
        "request_id": context.request_id(),
    }


def _plain(status: int, detail: str = "") -> Response:
    return Response(json.dumps(problem_body(status, detail)), status, content_type=PROBLEM)


def on_http_exception(error: HTTPException) -> Response:
    """What the framework refuses: an unknown path, a method that is not there."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    response = _plain(status)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def on_database_error(error: DBAPIError) -> Response:
    """What a database says: it is not there or too busy, or the fault is ours."""
    passing = isinstance(error, OperationalError | InterfaceError)
    if passing or error.connection_invalidated or is_away(error):
        return on_database_down(error)
    return on_unexpected(error)


def on_unstorable(error: DataError) -> Response:
    """A value that the validation let pass and no column takes, such as text with U+0000."""
    log.error("a value that cannot be stored", exc_info=error)
    return problem(UnprocessableError(_("There is a value that cannot be stored.")))


def on_database_down(error: DBAPIError) -> Response:
    log.error("database not available", exc_info=error)
    return _not_now()


def on_no_connection(_error: PoolTimeoutError) -> Response:
    """Told in a line: where too much is asked, a traceback for each request would be yet more."""
    log.error("no connection to the database came free")
    return _not_now()


def _not_now() -> Response:
    detail = _("This part is not available now. Please try again in a moment.")
    return problem(UnavailableError(detail, headers={"Retry-After": "5"}))


def on_unexpected(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    detail = _("Nothing was changed. If it happens again, tell us the request id.")
    return _plain(HTTPStatus.INTERNAL_SERVER_ERROR, detail)


def install(app: Flask) -> None:
    app.register_error_handler(ProblemError, problem)
    app.register_error_handler(HTTPException, on_http_exception)
    app.register_error_handler(DBAPIError, on_database_error)
    app.register_error_handler(DataError, on_unstorable)
    app.register_error_handler(PoolTimeoutError, on_no_connection)
    app.register_error_handler(Exception, on_unexpected)
