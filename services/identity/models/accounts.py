"""Accounts, their places in centres, sign-ins, sessions, keys, and what others told."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.domain.accounts import (
    AccountType,
    Kind,
    Language,
    Restrictions,
    Standing,
    Status,
)
from services.identity.models.base import (
    ADDRESS,
    CENTRE_NO,
    ID,
    PAPER_ID,
    SECRET,
    SHA256,
    WORD,
    Base,
)
from shared.audit import LONGEST_NAME
from shared.seal import Sealed


class Centre(Base):
    """A school or college."""

    __tablename__ = "centres"

    no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class User(Base):
    """One person's account.

    `access_version` is what tokens carry as `av`; `totp_last_timecode` the step of time of the
    last code taken; `wrong_codes` counts those of sign-ins that came to nothing since the password
    was set; `temporary_until` the end of a password that came by mail; `address` where
    samples are posted to (appointees).
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
    temporary_until: Mapped[datetime | None]
    totp_secret: Mapped[str | None] = mapped_column(SECRET)
    totp_last_timecode: Mapped[int] = mapped_column(BigInteger, default=0)
    wrong_codes: Mapped[int] = mapped_column(BigInteger, default=0)
    access_version: Mapped[int] = mapped_column(BigInteger, default=1)
    status: Mapped[Status] = mapped_column(WORD)
    created_at: Mapped[datetime]

    @property
    def name(self) -> str:
        """As it stands beside what they did, wherever that is: as long as it may be there."""
        return f"{self.first_name} {self.last_name}"[:LONGEST_NAME]


def _own_id(context: DefaultExecutionContext) -> str:
    """The centre knows a person by the id of their account, unless that would tell something."""
    return str(context.get_current_parameters()["user_id"])  # type: ignore[no-untyped-call]


class Membership(Base):
    """What a person is in a centre; `restrictions` as in the domain, {} for none.

    The centre knows them as `handle`. Somebody who had an account when they were invited is
    `pending` until they accept: all the centre knows of them is what it wrote itself
    (`invited_as`, and `invited_key` to find it by), as of somebody new. `left_at` is when they
    were taken out of use there: what they do since is no concern of the centre.
    """

    __tablename__ = "memberships"
    __table_args__ = (Index("uq_memberships_handle", "centre_no", "handle", unique=True),)

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    centre_no: Mapped[str] = mapped_column(ForeignKey("centres.no"), primary_key=True)
    account_type: Mapped[AccountType] = mapped_column(WORD)
    iamis: Mapped[bool]
    status: Mapped[Status] = mapped_column(WORD)
    restrictions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    handle: Mapped[str] = mapped_column(ID, default=_own_id)
    invited_as: Mapped[dict[str, Any]] = mapped_column(default=dict)
    invited_key: Mapped[str | None] = mapped_column(Text)
    left_at: Mapped[datetime | None]

    @property
    def pending(self) -> bool:
        return self.invited_key is not None

    @property
    def standing(self) -> Standing:
        named = {name: tuple(values) for name, values in self.restrictions.items()}
        return Standing(self.account_type, self.iamis, self.status, Restrictions(**named))

    def become(self, standing: Standing) -> None:
        self.account_type = standing.account_type
        self.iamis = standing.iamis
        self.status = standing.status
        self.restrictions = asdict(standing.restrictions)


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
    new_secret: Mapped[str | None] = mapped_column(SECRET)
    wrong_codes: Mapped[int] = mapped_column(BigInteger, default=0)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class PasswordReset(Base):
    """A link to choose a new password was asked for; without `user_id`, of an unknown address."""

    __tablename__ = "password_resets"
    __table_args__ = (
        Index("ix_password_resets_account", "account_hash", "asked_at"),
        Index("ix_password_resets_address", "address", "asked_at"),
        Index("ix_password_resets_asked_at", "asked_at"),
    )

    token_hash: Mapped[str] = mapped_column(SHA256, primary_key=True)
    account_hash: Mapped[str] = mapped_column(SHA256)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    address: Mapped[str] = mapped_column(ADDRESS)
    asked_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code that stands in for the authenticator app, once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    code_hash: Mapped[str] = mapped_column(SHA256)
    used_at: Mapped[datetime | None]


class Family(Base):
    """A session: the refresh tokens that descend from one sign-in.

    `device_hash` tells devices of one person apart, `device` is what a reader knows it by;
    `authenticated_at` is when password and code were given last.
    """

    __tablename__ = "families"
    __table_args__ = (Index("ix_families_user", "user_id"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    address: Mapped[str] = mapped_column(ADDRESS)
    device_hash: Mapped[str] = mapped_column(SHA256, default="")
    device: Mapped[str] = mapped_column(String(80), default="")
    started_at: Mapped[datetime]
    authenticated_at: Mapped[datetime]
    seen_at: Mapped[datetime]
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
    """A key access tokens are signed with; the public half is in the platform's table.

    It signs from `signs_from` until `retired_at`, which is known when the next one is made.
    """

    __tablename__ = "signing_keys_private"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    pem: Mapped[str] = mapped_column(Sealed("signing key"))
    created_at: Mapped[datetime]
    signs_from: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class ServiceAccount(Base):
    """A tool that signs in by itself; without `centre_nos` its scopes hold for every centre."""

    __tablename__ = "service_accounts"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    secret_hash: Mapped[str] = mapped_column(SHA256)
    scopes: Mapped[list[Any]]
    centre_nos: Mapped[list[Any]]
    access_version: Mapped[int] = mapped_column(BigInteger, default=1)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Paper(Base):
    """A paper of the catalogue, as marks told."""

    __tablename__ = "papers"

    id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    qualification: Mapped[str] = mapped_column(String(255))
    full_title: Mapped[str] = mapped_column(Text)
    series: Mapped[dict[str, Any]]


class Submission(Base):
    """A centre's paper that was submitted, as marks told."""

    __tablename__ = "submissions"

    centre_no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    paper_id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[str | None] = mapped_column(ID)


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
