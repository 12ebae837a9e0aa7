"""Looking at browser sessions."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.gateway.models import BrowserSession, KeptForm
from shared.access.models import AccessVersion
from shared.access.tokens import access_version_of

# A browser left alone this long is signed out (marks are saved as they are typed).
IDLE = timedelta(minutes=60)


def live_session(session: Session, key: str, now: datetime) -> BrowserSession | None:
    """The browser session of that key, unless it has ended or was left alone too long."""
    return session.scalars(
        select(BrowserSession).where(
            BrowserSession.key == key,
            BrowserSession.ends_at > now,
            BrowserSession.seen_at > now - IDLE,
        )
    ).first()


def ends_at(row: BrowserSession) -> datetime:
    """When the session is over if nobody touches it again."""
    return min(row.ends_at, row.seen_at + IDLE)


def is_outdated(session: Session, user_id: str, token: str) -> bool:
    """Whether what the person may do has changed since identity gave them this token."""
    known = session.get(AccessVersion, user_id)
    return known is not None and access_version_of(token) < known.version


def session_of(session: Session, key: str) -> BrowserSession | None:
    """The browser session of that key, over or not: whose it was."""
    return session.get(BrowserSession, key)


def kept_form(session: Session, key: str, user_id: str, now: datetime) -> KeptForm | None:
    """A form kept for this person, unless it is too old."""
    return session.scalars(
        select(KeptForm).where(
            KeptForm.key == key, KeptForm.user_id == user_id, KeptForm.ends_at > now
        )
    ).first()
