"""What identity told us: public keys, access versions and allocations of moderators."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import PlatformBase


class SigningKey(PlatformBase):
    """A public key that access tokens may be signed with (JWK, RFC 8037)."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    jwk: Mapped[dict[str, Any]]


class AccessVersion(PlatformBase):
    """What became of a user's access: its version, and the lowest (`av`) their tokens may carry.

    `grants` is what the user may do in each centre since that version, as tokens say it: it holds
    for tokens that are older and still good. `ended_sessions` are sign-ins that are over while
    tokens of theirs have not ended by themselves yet.
    """

    __tablename__ = "access_versions"

    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    minimum: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(BigInteger)
    grants: Mapped[dict[str, Any] | None]
    ended_sessions: Mapped[list[Any] | None]
    changed_at: Mapped[datetime]

    def has_ended(self, session_id: str) -> bool:
        return session_id in (self.ended_sessions or ())


class TeachingSet(PlatformBase):
    """The teaching set that a candidate of a sheet is in now, for those restricted to some."""

    __tablename__ = "teaching_sets"
    __table_args__ = (Index("ix_teaching_sets_name", "centre_no", "name"),)

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    candidate_no: Mapped[str] = mapped_column(String(4), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    sequence: Mapped[int] = mapped_column(BigInteger)


class Allocation(PlatformBase):
    """A moderator allocated to a centre and paper."""

    __tablename__ = "allocations"
    __table_args__ = (Index("ix_allocations_sheet", "centre_no", "paper_id"),)

    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(String(64), primary_key=True)
