"""What is counted to bound it: failed and refused sign-ins, invitations sent."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.models.base import ADDRESS, CENTRE_NO, ID, SHA256, Base
from shared.events.models import Position


class FailedAttempt(Base):
    """A sign-in that is being tried or has failed, until it is too old to count."""

    __tablename__ = "failed_attempts"
    __table_args__ = (
        Index("ix_failed_attempts_account", "account_hash", "at"),
        Index("ix_failed_attempts_address", "address", "at"),
        Index("ix_failed_attempts_at", "at"),
    )

    id: Mapped[int] = mapped_column(Position, primary_key=True, autoincrement=True)
    account_hash: Mapped[str] = mapped_column(SHA256)
    address: Mapped[str] = mapped_column(ADDRESS)
    at: Mapped[datetime]


class Refusal(Base):
    """How often sign-ins to no account were refused, by address and hour, until it is long ago."""

    __tablename__ = "refusals"

    address: Mapped[str] = mapped_column(ADDRESS, primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(BigInteger)


class SentInvitation(Base):
    """That an invitation was sent, to bound how many are within a day."""

    __tablename__ = "sent_invitations"
    __table_args__ = (
        Index("ix_sent_invitations_by", "by_id", "at"),
        Index("ix_sent_invitations_centre", "centre_no", "at"),
        Index("ix_sent_invitations_at", "at"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    by_id: Mapped[str] = mapped_column(ID)
    centre_no: Mapped[str] = mapped_column(CENTRE_NO)
    at: Mapped[datetime]
