"""The cookies of a browser: out of reach of scripts, and not sent along from other sites."""

from datetime import timedelta

from flask import Flask
from werkzeug.wrappers import Response

from shared.settings import settings

SESSION = "iamis_session"
LANGUAGE = "iamis_language"
# Flask's own cookie: the form token, messages for the next page, a sign-in under way.
FORM = "iamis_form"

A_YEAR = timedelta(days=365)


def configure(app: Flask) -> None:
    app.config.update(
        SESSION_COOKIE_NAME=FORM,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings().cookie_secure,
    )


def give(response: Response, name: str, value: str, age: timedelta | None = None) -> None:
    """Set a cookie; without an age it goes when the browser is closed."""
    response.set_cookie(
        name,
        value,
        max_age=age,
        httponly=True,
        samesite="Lax",
        secure=settings().cookie_secure,
    )


def take(response: Response, name: str) -> None:
    response.delete_cookie(name, httponly=True, samesite="Lax", secure=settings().cookie_secure)
