"""That a change was asked for by our own pages: the form token, in a field or in a header."""

from collections.abc import Mapping

from flask import Flask, Request
from flask_wtf.csrf import CSRFProtect, validate_csrf
from wtforms import ValidationError

from shared.errors import ForbiddenError
from shared.i18n import gettext as _
from shared.settings import settings

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
SAFE = {"GET", "HEAD", "OPTIONS"}


def configure(app: Flask) -> None:
    # Asked for by hand: reading a form here would swallow the upload that is to be passed on.
    # The token lives as long as its cookie: a marksheet may stay open for a morning.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    # The signer takes many secrets, the newest last: a page that is open outlives a new one.
    app.config["WTF_CSRF_SECRET_KEY"] = settings().secret_keys[::-1]
    CSRFProtect(app)


def require_field(asked: Request, fields: Mapping[str, str] | None = None) -> None:
    """For a page's form; `ForbiddenError` when the token is missing or not this browser's.

    `fields` are those of a form that is read as it comes.
    """
    if asked.method not in SAFE:
        given = asked.form if fields is None else fields
        _require(given.get(FIELD, "") or asked.headers.get(HEADER, ""))


def require_header(asked: Request) -> None:
    """For a call of a page's script, whose body is not looked into."""
    if asked.method not in SAFE:
        _require(asked.headers.get(HEADER, ""))


def _require(token: str) -> None:
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise ForbiddenError(
            _("This page was open too long, or was not ours. Load it again and repeat the step."),
            slug="csrf",
        ) from error
