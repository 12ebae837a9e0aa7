"""Accounts: what an admin may change of a membership, and how people are found."""

import json
import unicodedata
from collections.abc import Iterable
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
    """What makes two email addresses one account: case and composition do not count."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def is_email(text: str) -> bool:
    """Whether it is a well-formed address; whether mail arrives there is not asked."""
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


@dataclass(frozen=True)
class Restrictions:
    """What alone a user sees of a centre: whole qualifications, and papers by their code.

    Codes, because next year's paper has the same. Of these papers (of all, where none is named)
    only the candidates of `teaching_sets`, where any is named. Nothing named is no restriction.
    """

    qualifications: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    teaching_sets: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names_papers or self.teaching_sets)

    @property
    def names_papers(self) -> bool:
        return bool(self.qualifications or self.papers)


UNRESTRICTED = Restrictions()
# A token carries the teaching sets with every request: so long they may be, as it spells them.
LONGEST_SETS = 1500


def too_long(teaching_sets: Iterable[str]) -> bool:
    """Whether these teaching sets are more than a token can carry."""
    return len(json.dumps([*teaching_sets])) > LONGEST_SETS


def too_many_sets() -> str:
    return _("These teaching sets are too many for one account.")


@dataclass(frozen=True)
class Standing:
    """What a person is in one centre."""

    account_type: AccountType
    iamis: bool
    status: Status
    restrictions: Restrictions = UNRESTRICTED

    @property
    def restricted_to(self) -> Restrictions:
        """What holds: nothing is kept from an admin."""
        return UNRESTRICTED if self.account_type == "admin" else self.restrictions

    @property
    def is_acting_admin(self) -> bool:
        return self.account_type == "admin" and self.status == "active"

    @property
    def may_use_iamis(self) -> bool:
        return self.iamis or self.account_type == "admin"

    @property
    def uses_iamis(self) -> bool:
        return self.may_use_iamis and self.status != "deactivated"

    def changes_rank_of(self, before: "Standing") -> bool:
        """Whether it makes somebody an admin or no admin, or puts them out of use or back."""
        return (self.account_type, self.status) != (before.account_type, before.status)

    def keeps_all_of(self, before: "Standing") -> bool:
        """Whether nothing is taken away that `before` gave somebody at work."""
        restricted = self.restricted_to
        return (
            (self.status, before.status) == ("active", "active")
            and self.may_use_iamis >= before.may_use_iamis
            and self.is_acting_admin >= before.is_acting_admin
            and (not restricted or restricted == before.restricted_to)
        )


@dataclass(frozen=True)
class Wanted:
    """What an admin asks of a standing; None leaves it as it is."""

    account_type: AccountType | None = None
    iamis: bool | None = None
    status: Literal["active", "deactivated"] | None = None
    restrictions: Restrictions | None = None


def change(before: Standing, wanted: Wanted, *, has_signed_in: bool) -> Standing:
    """The standing asked for; `UnprocessableError` where it contradicts itself."""
    after = replace(before, account_type=wanted.account_type or before.account_type)
    if wanted.iamis is not None:
        after = replace(after, iamis=wanted.iamis)
    if wanted.restrictions is not None:
        after = replace(after, restrictions=wanted.restrictions)
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


def keep_oneself(after: Standing) -> None:
    """Refuse to be put out of use by oneself."""
    if after.status == "deactivated":
        raise ConflictError(_("Nobody takes their own account out of use."), slug="own-account")
