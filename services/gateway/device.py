"""Which browser this is, as far as the owner of an account is told of new ones."""

import secrets
from datetime import timedelta

from flask import Request
from ua_parser import parse
from werkzeug.wrappers import Response

from services.gateway import cookies
from shared.i18n import gettext as _

COOKIE = "iamis_device"
AGE = timedelta(days=400)
LONGEST = 80
LONGEST_AGENT = 500


def device_of(asked: Request) -> dict[str, str]:
    """What identity is told of it: the id it was given once, and a name for readers."""
    return known_device(asked) or {"id": new_id(), "name": name_of(asked)}


def known_device(asked: Request) -> dict[str, str] | None:
    """As `device_of`, of a browser that somebody has signed in with before."""
    device_id = cookies.read(asked, COOKIE)[:LONGEST]
    return {"id": device_id, "name": name_of(asked)} if device_id else None


def name_of(asked: Request) -> str:
    """`Firefox (Windows)`, in no language: it is kept, and read in any."""
    told = parse(asked.headers.get("User-Agent", "")[:LONGEST_AGENT])
    browser = told.user_agent.family if told.user_agent else _("A browser")
    if told.os is None:
        return browser[:LONGEST]
    return f"{browser} ({told.os.family})"[:LONGEST]


def new_id() -> str:
    return secrets.token_urlsafe(24)


def remember(response: Response, device: dict[str, str]) -> None:
    cookies.give(response, COOKIE, device["id"], AGE)
