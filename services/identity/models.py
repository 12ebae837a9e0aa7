"""The tables of identity. Secrets are kept as hashes wherever a hash is enough."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.identity.domain.accounts import AccountType, Kind, Language, Standing, Status
from shared.db import TYPES
from shared.events.models import Position

ID = String(32)
CENTRE_NO = String(5)
PAPER_ID = String(64)
SHA256 = String(64)
WORD = String(12)
ADDRESS = String(64)


class Base(DeclarativeBase):
    type_annotation_map = TYPES


class Centre(Base):
    """A school or college."""

    __tablename__ = "centres"

    no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class User(Base):
    """One person's account.

    `access_version` is what tokens carry as `av`; `totp_last_timecode` the step of time of the
    last code taken; `address` where samples are posted to (appointees).
    """

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[Kind] = mapped_column(WORD)
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(640), unique=True)
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    search_key: Mapped[str] = mapped_column(Text)
    language: Mapped[Language] = mapped_column(String(2))
    address: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    must_change_password: Mapped[bool]
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_last_timecode: Mapped[int] = mapped_column(BigInteger, default=0)
    access_version: Mapped[int] = mapped_column(BigInteger, default=1)
    status: Mapped[Status] = mapped_column(WORD)
    created_at: Mapped[datetime]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Membership(Base):
    """What a person is in a centre."""

    __tablename__ = "memberships"
    __table_args__ = (Index("ix_memberships_centre", "centre_no"),)

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    centre_no: Mapped[str] = mapped_column(ForeignKey("centres.no"), primary_key=True)
    account_type: Mapped[AccountType] = mapped_column(WORD)
    iamis: Mapped[bool]
    status: Mapped[Status] = mapped_column(WORD)

    @property
    def standing(self) -> Standing:
        return Standing(self.account_type, self.iamis, self.status)

    def become(self, standing: Standing) -> None:
        self.account_type = standing.account_type
        self.iamis = standing.iamis
        self.status = standing.status


class Interest(Base):
    """A centre an appointee works at, and therefore never moderates."""

    __tablename__ = "interests"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    centre_no: Mapped[str] = mapped_column(ForeignKey("centres.no"), primary_key=True)


class Challenge(Base):
    """A sign-in under way: the password was right, `step` is what is asked next.

    `new_secret` is the authenticator secret offered to an account that has none yet.
    """

    __tablename__ = "challenges"

    id_hash: Mapped[str] = mapped_column(SHA256, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    step: Mapped[str] = mapped_column(WORD)
    new_secret: Mapped[str | None] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Family(Base):
    """A session: the refresh tokens that descend from one sign-in."""

    __tablename__ = "families"
    __table_args__ = (Index("ix_families_user", "user_id"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    address: Mapped[str] = mapped_column(ADDRESS)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(String(20), default="")


class RefreshToken(Base):
    """A refresh token; `rotated_at` is when it was traded for the next one."""

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[str] = mapped_column(SHA256, primary_key=True)
    family_id: Mapped[str] = mapped_column(ForeignKey("families.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    rotated_at: Mapped[datetime | None]


class PrivateKey(Base):
    """A key access tokens are signed with; the public half is in the platform's table."""

    __tablename__ = "signing_keys_private"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    pem: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


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


class Paper(Base):
    """A paper of the catalogue, as marks told."""

    __tablename__ = "papers"

    id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    full_title: Mapped[str] = mapped_column(Text)
    series: Mapped[dict[str, Any]]


class Submission(Base):
    """A centre's paper that was submitted, as marks told."""

    __tablename__ = "submissions"

    centre_no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    paper_id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    submitted_at: Mapped[datetime]


class AllocationRecord(Base):
    """When and by whom a moderator was allocated; the pair itself is in the platform's table."""

    __tablename__ = "allocation_records"
    __table_args__ = (UniqueConstraint("user_id", "centre_no", "paper_id"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    centre_no: Mapped[str] = mapped_column(ForeignKey("centres.no"))
    paper_id: Mapped[str] = mapped_column(ForeignKey("papers.id"))
    allocated_at: Mapped[datetime]
    allocated_by: Mapped[str] = mapped_column(ID)
