"""The gateway's own tables: who is signed in, in which browser, and what listeners are told."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, Index, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import TYPES
from shared.seal import Sealed, SealedByOwner

# What the gateway seals the tokens of a session for; a refresh looks for them as they are sealed.
TOKENS = "gateway seal"
Held = Literal["", "held", "released", "request"]


class Base(DeclarativeBase):
    """Base of the gateway's tables."""

    type_annotation_map = TYPES


class BrowserSession(Base):
    """One signed-in browser; `key` is the hash of its cookie, both tokens are sealed.

    Whoever sets `refreshing_until` holds the row for a refresh until then. It is a lease and not a
    database lock because the holder calls identity meanwhile: a write transaction held across a
    call would stop every other request of this process. Where board staff look at a centre,
    `looking_as` is who they are there, with a token of its own until `looking_until`.
    """

    __tablename__ = "browser_sessions"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[dict[str, Any]]
    access_token: Mapped[str] = mapped_column(SealedByOwner(TOKENS))
    access_until: Mapped[datetime]
    refresh_token: Mapped[str] = mapped_column(SealedByOwner(TOKENS))
    refreshing_until: Mapped[datetime | None]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    looking_as: Mapped[dict[str, Any] | None]
    looking_token: Mapped[str | None] = mapped_column(SealedByOwner(TOKENS))
    looking_until: Mapped[datetime | None]


class KeptForm(Base):
    """A form that came when its sender's session had ended, until they are back to send it."""

    __tablename__ = "kept_forms"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Sealed("kept form"))
    ends_at: Mapped[datetime] = mapped_column(index=True)


class LiveEvent(Base):
    """An event of the last day as listeners are told it; `seq` is the id of its stream.

    `frame` is the event as it is sent. Where `held` says so, centres are told on results day by a
    row of its own, and this one is for the others. `sets` are the teaching sets of the candidates
    it names, null where it is about the whole sheet.
    """

    __tablename__ = "live_events"
    __table_args__ = (
        Index("uq_live_events", "source", "subject", "sequence", "held", unique=True),
        Index("ix_live_events_centre", "centre_no", "seq"),
        Index("ix_live_events_paper", "paper_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(120))
    sequence: Mapped[int] = mapped_column(BigInteger)
    centre_no: Mapped[str | None] = mapped_column(String(5))
    paper_id: Mapped[str | None] = mapped_column(String(64))
    held: Mapped[Held] = mapped_column(String(10))
    sets: Mapped[list[Any] | None]
    frame: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)


class HeldEvent(Base):
    """An event that centres are not told before the results day of its paper."""

    __tablename__ = "held_events"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    paper_id: Mapped[str] = mapped_column(String(64), index=True)
    row: Mapped[dict[str, Any]]


class KnownPaper(Base):
    """When the results of a paper are out."""

    __tablename__ = "known_papers"

    paper_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    results_day: Mapped[datetime] = mapped_column(index=True)


class KnownSheet(Base):
    """A centre's sheet of a paper: it has had entries; a moderator sees it once submitted."""

    __tablename__ = "known_sheets"
    __table_args__ = (Index("ix_known_sheets_paper", "paper_id"),)

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    submitted: Mapped[bool] = mapped_column(default=False)
