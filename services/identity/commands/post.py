"""Writing to the people of identity: each letter is queued in the transaction of its cause."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from sqlalchemy.orm import Session

from services.identity.models import User
from shared.clock import LONDON
from shared.i18n import format_date, in_language
from shared.mail.letter import Letter
from shared.mail.queue import Reader, draw, queue
from shared.settings import settings


def write(
    session: Session,
    user: User,
    kind: str,
    letter: Callable[[], Letter],
    *,
    key: str = "",
    reader_id: str = "",
) -> None:
    """Queue a letter, drawn in the language the person prefers; with a `key`, once only.

    `reader_id` is the account's own unless only a centre that invites is to know what became of it.
    """
    reader = Reader(user.email, user.name, user.language, reader_id or user.id)
    with in_language(user.language):
        queue(session, reader, kind, letter(), f"{key}:{user.id}" if key else "")


def write_to_nobody(letter: Callable[[], Letter]) -> None:
    """Do the work of a letter that is not sent, where the time it takes would tell something."""
    draw(Reader("nobody@iamis.invalid", "Nobody", "en"), letter())


def moment(at: datetime) -> str:
    """An instant as people in Wales read it."""
    local = at.astimezone(LONDON)
    return f"{format_date(local.date())} {local:%H:%M}"


def page(path: str, **query: str) -> str:
    """The address of a page of the gateway."""
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    return settings().public_url + path + (f"?{asked}" if asked else "")


def sign_in() -> str:
    return page("/")


def sheet(centre_no: str, paper_id: str, **query: str) -> str:
    return page(f"/centres/{centre_no}/papers/{paper_id}/marksheet", **query)


def evidence(centre_no: str, paper_id: str) -> str:
    return page(f"/centres/{centre_no}/papers/{paper_id}/evidence")


def moderation(centre_no: str, paper_id: str) -> str:
    return page(f"/centres/{centre_no}/papers/{paper_id}/moderation")


def moderator_report(centre_no: str, paper_id: str) -> str:
    return page(f"/centres/{centre_no}/papers/{paper_id}/moderator-report")


def form_of_report(centre_no: str, paper_id: str) -> str:
    return f"{moderator_report(centre_no, paper_id)}/edit"
