"""Forms that came too late: kept while their sender signs in again, then offered to be sent.

A form is kept for the person whose session it was, and for nobody else who signs in there.
"""

import json
import secrets
from datetime import timedelta

from flask import Request
from sqlalchemy.orm import Session

from services.gateway import commands, cookies, csrf, queries
from services.gateway.models import KeptForm
from services.gateway.sessions import key_of
from services.gateway.state import browser_of_request, gateway
from shared import clock
from shared.errors import ForbiddenError

KEPT = timedelta(hours=2)
PRESSED_TWICE = timedelta(seconds=10)
FORMS = "application/x-www-form-urlencoded"
SECRET = "password"  # noqa: S105 # part of the names of fields
Fields = list[tuple[str, str]]


def keep(asked: Request) -> str:
    """Keep the form of this request; returns what it is found by, nothing if it is not kept.

    Files are not kept, nor passwords, nor what was not sent from a page of ours.
    """
    if asked.method != "POST" or asked.mimetype != FORMS:
        return ""
    try:
        csrf.require_field(asked)
    except ForbiddenError:
        return ""
    page, fields = asked.full_path.removesuffix("?"), _fields(asked)
    if any(SECRET in name for name, _text in fields):
        return ""
    now, found_by = clock.now(), secrets.token_urlsafe(24)
    with gateway().database.transaction() as session:
        user_id = _sender(session, asked)
        if not user_id:
            return ""
        form = KeptForm(
            key=key_of(found_by),
            user_id=user_id,
            content=json.dumps([page, fields], ensure_ascii=False),
            ends_at=now + KEPT,
        )
        commands.keep_form(session, form, now)
    return found_by


def _sender(session: Session, asked: Request) -> str:
    """Whose session it was: known still when this request began, or over before."""
    browser = browser_of_request()
    if browser is not None:
        return browser.user.id
    was = queries.session_of(session, key_of(cookies.read(asked, cookies.SESSION)))
    return str(was.user["id"]) if was else ""


def _fields(asked: Request) -> Fields:
    return [(name, text) for name, text in asked.form.items(multi=True) if name != csrf.FIELD]


def look(found_by: str, user_id: str) -> tuple[str, Fields] | None:
    """The page and the fields of a form of this person; looking spends nothing."""
    with gateway().database.reading() as session:
        form = queries.kept_form(session, key_of(found_by), user_id, clock.now())
        if form is None:
            return None
        page, fields = json.loads(form.content)
    return page, [(name, text) for name, text in fields]


def spend(found_by: str) -> None:
    """The form is being sent: it is kept no longer than somebody may press its button twice."""
    with gateway().database.transaction() as session:
        commands.end_form(session, key_of(found_by), clock.now() + PRESSED_TWICE)
