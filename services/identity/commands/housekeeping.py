"""Forgetting what is over: sign-ins under way, refresh tokens, sessions of long ago."""

import threading
from datetime import timedelta

from sqlalchemy import exists
from sqlalchemy.orm import Session

from services.identity.models import Challenge, Family, RefreshToken
from shared import clock
from shared.db import Database, forget

# A session also says from where its owner signs in: that is worth a year's memory.
KEPT = timedelta(days=400)
LOOKS_SECONDS = 3600.0


def purge(session: Session) -> None:
    now = clock.now()
    forget(session, Challenge, Challenge.expires_at < now)
    forget(session, RefreshToken, RefreshToken.expires_at < now)
    has_tokens = exists().where(RefreshToken.family_id == Family.id)
    forget(session, Family, Family.started_at < now - KEPT, ~has_tokens)


def run(database: Database, stop: threading.Event) -> None:
    """Forget every hour, until told to stop."""
    while not stop.wait(LOOKS_SECONDS):
        with database.transaction() as session:
            purge(session)
