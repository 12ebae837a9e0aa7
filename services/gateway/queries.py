"""Looking at browser sessions."""

from datetime import datetime, timedelta

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from services.gateway.models import BrowserSession, KeptForm
from shared.access.models import AccessVersion

# A browser left alone this long is signed out (marks are saved as they are typed).
IDLE = timedelta(minutes=60)


def live_session(
    session: Session, key: str, now: datetime
) -> Row[BrowserSession, int | None] | None:
    """The browser session of that key, unless it has ended or was left alone too long.

    Beside it the version of its person's access, None where nothing was ever changed of it.
    """
    person = BrowserSession.user["id"].as_string()
    return session.execute(
        select(BrowserSession, AccessVersion.version)
        .outerjoin(AccessVersion, AccessVersion.user_id == person)
        .where(
            BrowserSession.key == key,
            BrowserSession.ends_at > now,
            BrowserSession.seen_at > now - IDLE,
        )
    ).first()


def ends_at(row: BrowserSession) -> datetime:
    """When the session is over if nobody touches it again."""
    return min(row.ends_at, row.seen_at + IDLE)


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
