"""Sealing what must not be read from a database or a cookie: encrypted and authenticated."""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Seal:
    """Seals with a key derived from the installation's secret, for this use alone."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"iamis gateway seal").derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def close(self, content: str) -> str:
        return self._fernet.encrypt(content.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """What was sealed; `None` when another secret sealed it or someone changed it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def close_json(self, content: dict[str, Any]) -> str:
        return self.close(json.dumps(content))

    def open_json(self, sealed: str) -> dict[str, Any]:
        """What was sealed, or nothing."""
        read: dict[str, Any] = json.loads(self.open(sealed) or "{}")
        return read


def key_of(cookie: str) -> str:
    """What the database keeps of a cookie: enough to find it, not enough to forge it."""
    return hashlib.sha256(cookie.encode()).hexdigest()
