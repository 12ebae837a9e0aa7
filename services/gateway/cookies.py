"""The cookies of a browser: out of reach of scripts, and not sent along from other sites."""

from datetime import timedelta

from flask import Flask, Request
from werkzeug.wrappers import Response

from shared.settings import settings

SESSION = "iamis_session"
LANGUAGE = "iamis_language"
SCHEME = "iamis_scheme"
# The hints that are shown no more.
HINTS = "iamis_hints"
# Flask's own cookie: the form token, messages for the next page, a sign-in under way.
FORM = "iamis_form"
# Browsers take a cookie of such a name from its own host by https alone, and for all of its paths.
HOST_ONLY = "__Host-"

A_YEAR = timedelta(days=365)


def configure(app: Flask) -> None:
    app.config.update(
        SESSION_COOKIE_NAME=named(FORM),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings().cookie_secure,
    )


def named(name: str) -> str:
    """What a cookie is called here: plain http knows no prefix."""
    return HOST_ONLY + name if settings().behind_tls else name


def read(asked: Request, name: str) -> str:
    """The value of a cookie, empty where there is none."""
    return asked.cookies.get(named(name), "")


def give(response: Response, name: str, value: str, age: timedelta | None = None) -> None:
    """Set a cookie; without an age it goes when the browser is closed."""
    response.set_cookie(
        named(name),
        value,
        max_age=age,
        httponly=True,
        samesite="Lax",
        secure=settings().cookie_secure,
    )


def take(response: Response, name: str) -> None:
    secure = settings().cookie_secure
    response.delete_cookie(named(name), httponly=True, samesite="Lax", secure=secure)
