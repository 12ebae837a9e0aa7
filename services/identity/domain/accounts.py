"""Accounts: what an admin may change of a membership, and how people are found."""

import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

from email_validator import EmailNotValidError, validate_email

from shared.errors import ConflictError, FieldError, UnprocessableError
from shared.i18n import gettext as _

Kind = Literal["centre", "appointee", "board"]
AccountType = Literal["admin", "user"]
Status = Literal["invited", "active", "deactivated"]
Role = Literal["admin", "user", "appointee", "board"]
Language = Literal["en", "cy"]


def email_key(email: str) -> str:
    """What makes two e-mail addresses one account: case and composition do not count."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def is_email(text: str) -> bool:
    """Whether it is a well-formed address; whether mail arrives there is not asked."""
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def search_key(*parts: str) -> str:
    """Text as people look for it: without case and accents."""
    plain = unicodedata.normalize("NFKD", " ".join(parts)).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))


@dataclass(frozen=True)
class Standing:
    """What a person is in one centre."""

    account_type: AccountType
    iamis: bool
    status: Status

    @property
    def is_acting_admin(self) -> bool:
        return self.account_type == "admin" and self.status == "active"

    @property
    def may_use_iamis(self) -> bool:
        return self.iamis or self.account_type == "admin"


@dataclass(frozen=True)
class Wanted:
    """What an admin asks of a standing; None leaves it as it is."""

    account_type: AccountType | None = None
    iamis: bool | None = None
    status: Literal["active", "deactivated"] | None = None


def change(before: Standing, wanted: Wanted, *, has_signed_in: bool) -> Standing:
    """The standing asked for; `UnprocessableError` where it contradicts itself."""
    after = replace(before, account_type=wanted.account_type or before.account_type)
    if wanted.iamis is not None:
        after = replace(after, iamis=wanted.iamis)
    if wanted.iamis is False and after.account_type == "admin":
        detail = _("An admin account always has access to internal assessment marks.")
        raise UnprocessableError(detail, errors=[FieldError("/iamis", detail)])
    if wanted.status == "deactivated":
        return replace(after, status="deactivated")
    if wanted.status == "active":
        return replace(after, status="active" if has_signed_in else "invited")
    return after


def keep_an_admin(before: Standing, after: Standing, other_admins: int) -> None:
    """Refuse to leave a centre without anyone who can sign in and manage it."""
    if before.is_acting_admin and not after.is_acting_admin and not other_admins:
        raise ConflictError(
            _("This is the last admin of the centre. Make someone else an admin first."),
            slug="last-admin",
        )
