"""Looking at browser sessions."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.gateway.models import BrowserSession

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
