"""Sealing what must not be read from a database or a cookie: encrypted and authenticated.

Whoever has a copy of the database alone can read nothing that is sealed; the keys are derived from
`IAMIS_SECRET_KEY`, which is not in it. The newest secret seals, the ones before still open.
"""

import base64
import functools
import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from shared.settings import settings


def _derived(secret: str, purpose: str) -> Fernet:
    info = f"iamis {purpose}".encode()
    key = HKDF(SHA256(), 32, salt=None, info=info).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


class Seal:
    """Seals with keys derived from the installation's secrets, for one `purpose` alone.

    The first of `secrets` seals; what any of them has sealed is opened.
    """

    def __init__(self, secrets: Sequence[str], purpose: str) -> None:
        keys = [_derived(secret, purpose) for secret in secrets]
        self._newest, self._fernet = keys[0], MultiFernet(keys)

    def close(self, content: str) -> str:
        return self._fernet.encrypt(content.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """What was sealed; `None` when another secret sealed it or someone changed it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def renew(self, sealed: str) -> str | None:
        """The same content sealed by the newest secret; `None` where no secret opens it.

        What the newest has sealed already comes back as it is.
        """
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            content = self.open(sealed)
            return None if content is None else self.close(content)
        return sealed

    def close_json(self, content: dict[str, Any]) -> str:
        return self.close(json.dumps(content))

    def open_json(self, sealed: str) -> dict[str, Any]:
        """What was sealed, or nothing."""
        read: dict[str, Any] = json.loads(self.open(sealed) or "{}")
        return read


@functools.lru_cache(maxsize=16)
def _seal(secrets: tuple[str, ...], purpose: str) -> Seal:
    return Seal(secrets, purpose)


def seal_for(purpose: str) -> Seal:
    """The seal of this installation for one purpose."""
    return _seal(settings().secret_keys, purpose)


class SealedByOwner(TypeDecorator[str]):
    """A text that its owner seals for `purpose` before it is stored; it can be searched for."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose


class Sealed(SealedByOwner):
    """A text that is sealed in the database and plain in Python; it cannot be searched for."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal_for(self.purpose).close(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        content = seal_for(self.purpose).open(value)
        if content is None:
            message = f"what is sealed for {self.purpose!r} needs the IAMIS_SECRET_KEY it had then"
            raise RuntimeError(message)
        return content
