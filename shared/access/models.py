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
    """The lowest access version (`av`) a user's tokens may carry."""

    __tablename__ = "access_versions"

    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    minimum: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[datetime]


class Allocation(PlatformBase):
    """A moderator allocated to a centre and paper."""

    __tablename__ = "allocations"
    __table_args__ = (Index("ix_allocations_sheet", "centre_no", "paper_id"),)

    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(String(64), primary_key=True)
