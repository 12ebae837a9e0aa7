"""Changing browser sessions: each function is one change in the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Update, delete, or_, update
from sqlalchemy.orm import Session

from services.gateway.models import BrowserSession, KeptForm
from services.gateway.queries import IDLE
from shared.db import forget

LONGEST = timedelta(hours=12)
LEASE = timedelta(seconds=15)
REMEMBERED = timedelta(hours=12)


@dataclass(frozen=True)
class SealedTokens:
    """What identity gave for an account, as it is kept; `access_until` is when it expires."""

    access: str
    access_until: datetime
    refresh: str
    user: dict[str, Any]


@dataclass(frozen=True)
class Looking:
    """What identity gave board staff to see what a centre sees, as it is kept."""

    token: str
    until: datetime
    user: dict[str, Any]


def open_session(session: Session, key: str, tokens: SealedTokens, now: datetime) -> None:
    """Begin a browser session, and forget the ones that have been over for a while.

    Until then a form that comes too late is known to be its sender's.
    """
    then = now - REMEMBERED
    over = or_(BrowserSession.ends_at <= then, BrowserSession.seen_at <= then - IDLE)
    forget(session, BrowserSession, over)
    session.add(
        BrowserSession(
            key=key,
            user=tokens.user,
            access_token=tokens.access,
            access_until=tokens.access_until,
            refresh_token=tokens.refresh,
            started_at=now,
            seen_at=now,
            ends_at=now + LONGEST,
        )
    )


def claim_refresh(session: Session, key: str, renewable: str, now: datetime) -> bool:
    """Hold the row to renew this token; false where another holds or has done it."""
    claimed = session.execute(
        update(BrowserSession)
        .where(
            BrowserSession.key == key,
            or_(
                BrowserSession.refresh_token == renewable,
                BrowserSession.looking_token == renewable,
            ),
            or_(
                BrowserSession.refreshing_until.is_(None),
                BrowserSession.refreshing_until <= now,
            ),
        )
        .values(refreshing_until=now + LEASE)
    )
    return cast("CursorResult[Any]", claimed).rowcount == 1


def keep_tokens(session: Session, key: str, tokens: SealedTokens) -> None:
    """Replace the tokens and give the row back."""
    session.execute(
        update(BrowserSession)
        .where(BrowserSession.key == key)
        .values(
            user=tokens.user,
            access_token=tokens.access,
            access_until=tokens.access_until,
            refresh_token=tokens.refresh,
            refreshing_until=None,
        )
    )


def look_as(session: Session, key: str, seen: Looking) -> None:
    """From now on the pages show what this user sees, by a sealed token of their own."""
    session.execute(_looking(key, seen))


def look_on(session: Session, key: str, replaced: str, seen: Looking) -> None:
    """The same by a newer token, where the session still has the one that it replaces."""
    session.execute(_looking(key, seen).where(BrowserSession.looking_token == replaced))


def _looking(key: str, seen: Looking) -> Update:
    return (
        update(BrowserSession)
        .where(BrowserSession.key == key)
        .values(looking_as=seen.user, looking_token=seen.token, looking_until=seen.until)
    )


def look_no_more(session: Session, key: str) -> None:
    none = dict.fromkeys(("looking_as", "looking_token", "looking_until"))
    session.execute(update(BrowserSession).where(BrowserSession.key == key).values(none))


def release_refresh(session: Session, key: str) -> None:
    """Give the row back as it was."""
    session.execute(
        update(BrowserSession).where(BrowserSession.key == key).values(refreshing_until=None)
    )


def note_seen(session: Session, key: str, now: datetime) -> None:
    session.execute(update(BrowserSession).where(BrowserSession.key == key).values(seen_at=now))


def end_session(session: Session, key: str) -> None:
    session.execute(delete(BrowserSession).where(BrowserSession.key == key))


def keep_form(session: Session, form: KeptForm, now: datetime) -> None:
    """Keep a form until its sender is back, and forget those nobody came back for."""
    forget(session, KeptForm, KeptForm.ends_at <= now)
    session.add(form)


def end_form(session: Session, key: str, end: datetime) -> None:
    """Keep a form no longer than until `end`."""
    longer = update(KeptForm).where(KeptForm.key == key, KeptForm.ends_at > end)
    session.execute(longer.values(ends_at=end))
