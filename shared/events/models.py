"""The tables behind events, the same in every service's database."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import PlatformBase

# SQLite gives increasing numbers only to a column of exactly INTEGER.
Position = BigInteger().with_variant(Integer, "sqlite")


class Outbox(PlatformBase):
    """An event that became true here; `position` is the order in which it is published."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_waiting", "published_at", "position"),)

    position: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    exchange: Mapped[str] = mapped_column(String(40))
    routing_key: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(120))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    # The bus never takes it: it holds up no other, and waits for an operator.
    set_aside_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(String(300))


class Sequence(PlatformBase):
    """The last sequence drawn for a subject; drawing locks the row until the commit."""

    __tablename__ = "sequences"

    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class Inbox(PlatformBase):
    """An event already handled here: a second delivery changes nothing."""

    __tablename__ = "inbox"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    handled_at: Mapped[datetime] = mapped_column(index=True)


class Watermark(PlatformBase):
    """The highest sequence applied to one aspect of a subject."""

    __tablename__ = "watermarks"

    aspect: Mapped[str] = mapped_column(String(255), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
