"""Telling the board by mail what centres ask for, and the centres what was decided."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from services.identity.commands import post, recipients
from services.identity.commands.news import Sheet
from services.identity.domain import request_letters
from services.identity.domain.request_letters import Decision, Kind
from shared.i18n import format_date
from shared.mail.letter import Letter

# Where a centre finds what became of a request.
PAGES: dict[Kind, str] = {"amendment": "amendments", "extension": "requests", "entry": "requests"}


def requested(session: Session, sheet: Sheet, at: datetime) -> None:
    """The board hears once a day, however much is asked for."""

    def letter() -> Letter:
        return request_letters.waiting(sheet.centre, post.page("/board/requests"))

    for user in recipients.board(session):
        post.write(session, user, "request-waiting", letter, key=f"request-waiting:{at.date()}")


def decided(
    session: Session, sheet: Sheet, kind: Kind, request: tuple[str, str], outcome: tuple[bool, str]
) -> None:
    """`request` is its id and who asked; `outcome` whether it is accepted, and until which day."""
    (request_id, asked_by), (accepted, until) = request, outcome

    def letter() -> Letter:
        day = format_date(date.fromisoformat(until)) if until else ""
        decision = Decision(sheet.paper, sheet.centre, accepted, day)
        page = post.page(f"/centres/{sheet.centre_no}/papers/{sheet.paper_id}/{PAGES[kind]}")
        return request_letters.decided(kind, decision, page)

    for user in recipients.admins_and(session, sheet.centre_no, asked_by):
        post.write(session, user, f"{kind}-decided", letter, key=f"decided:{request_id}")
