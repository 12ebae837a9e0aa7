"""Passwords as they are kept: Argon2id, with the library's parameters (RFC 9106)."""

import functools
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from services.identity.domain.passwords import normalise

HASHER = PasswordHasher()
RANDOM_BYTES = 18


def hash_password(password: str) -> str:
    return HASHER.hash(normalise(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; without a hash it takes as long to say no."""
    try:
        HASHER.verify(password_hash or _nobodys_hash(HASHER), normalise(password))
    except VerifyMismatchError:
        return False
    return password_hash is not None


@functools.lru_cache(maxsize=1)
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash(random_password())


def random_password() -> str:
    """A password nobody can guess, of 144 random bits."""
    return secrets.token_urlsafe(RANDOM_BYTES)
