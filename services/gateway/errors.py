"""Refusals as a browser shows them; under `/api` they stay problem+json."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote, urlsplit

from flask import Flask, Response, flash, redirect, render_template, request
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from services.gateway import cookies, kept, paths
from services.gateway.calls import json_object
from services.gateway.client import ConfirmationNeededError
from services.gateway.language import choose_page_language
from services.gateway.sessions import SessionEndedError
from services.gateway.signing_in import CONFIRM
from services.gateway.state import browser_of_request
from shared.errors import ProblemError
from shared.web import problems

FOR_MACHINES = ("/api/", "/livez", "/readyz", "/static/", "/troubles/")
Raised = TypeVar("Raised", bound=Exception)


def install(app: Flask) -> None:
    app.register_error_handler(SessionEndedError, on_session_ended)
    app.register_error_handler(ConfirmationNeededError, on_confirmation_needed)
    app.register_error_handler(ProblemError, _as_page(problems.problem))
    app.register_error_handler(HTTPException, _as_page(problems.on_http_exception))
    app.register_error_handler(DBAPIError, _as_page(problems.on_database_error))
    app.register_error_handler(DataError, _as_page(problems.on_unstorable))
    app.register_error_handler(PoolTimeoutError, _as_page(problems.on_no_connection))
    app.register_error_handler(Exception, _as_page(problems.on_unexpected))


def for_machine() -> bool:
    return request.path == "/api" or request.path.startswith(FOR_MACHINES)


def on_session_ended(error: SessionEndedError) -> AnyResponse:
    """To the sign-in page, and from there back to where they were."""
    if for_machine():
        response: AnyResponse = problems.problem(error)
    else:
        if cookies.read(request, cookies.SESSION):
            flash(error.detail, "warning")
        response = redirect(f"{paths.home()}?next={quote(_way_back())}", 303)
    if cookies.read(request, cookies.SESSION):
        cookies.take(response, cookies.SESSION)
    return response


def on_confirmation_needed(_error: ConfirmationNeededError) -> AnyResponse:
    """To the page that asks for password and code, and from there back with what was typed."""
    return redirect(f"{CONFIRM}?next={quote(_way_back())}", 303)


def _way_back() -> str:
    """The address to come back to: of a form, where it can be sent again, or the page it was on."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path.removesuffix("?")
    found_by = kept.keep(request)
    if found_by:
        return paths.go_on(found_by)
    here = request.host_url.rstrip("/")
    referrer = request.referrer or ""
    return urlsplit(referrer).path if referrer.startswith(f"{here}/") else paths.home()


def _as_page(handle: Callable[[Raised], Response]) -> Callable[[Raised], Response]:
    def handled(error: Raised) -> Response:
        if for_machine():
            return handle(error)
        choose_page_language(request, _account_language())
        return _page(handle(error))

    return handled


def _page(response: Response) -> Response:
    """The problem of `response`, drawn for a reader."""
    problem = json_object(response.get_data())
    response.set_data(render_template("error.html", problem=problem))
    response.content_type = "text/html; charset=utf-8"
    response.headers.pop("WWW-Authenticate", None)
    return response


def _account_language() -> str:
    """No further failure here: the database may be what is down."""
    try:
        browser = browser_of_request()
    except SQLAlchemyError:
        return ""
    return browser.user.language if browser else ""
