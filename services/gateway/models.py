"""The gateway's own tables: who is signed in, in which browser."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import TYPES


class Base(DeclarativeBase):
    """Base of the gateway's tables."""

    type_annotation_map = TYPES


class BrowserSession(Base):
    """One signed-in browser; `key` is the hash of its cookie, both tokens are sealed.

    Whoever sets `refreshing_until` holds the row for a refresh until then. It is a lease and not a
    database lock because the holder calls identity meanwhile: a write transaction held across a
    call would stop every other request of this process.
    """

    __tablename__ = "browser_sessions"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[dict[str, Any]]
    access_token: Mapped[str] = mapped_column(Text)
    access_until: Mapped[datetime]
    refresh_token: Mapped[str] = mapped_column(Text)
    refreshing_until: Mapped[datetime | None]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
