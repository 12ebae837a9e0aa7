"""Signing access tokens, and the public keys they are verified with."""

import functools
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.identity.models import PrivateKey
from shared import clock
from shared.access.models import SigningKey
from shared.access.principal import Principal
from shared.access.tokens import ALGORITHM, LEEWAY_SECONDS
from shared.ids import new_id
from shared.settings import AUDIENCE, ISSUER

TOKEN_LIFE = timedelta(seconds=600)
# How long after it was signed a token may still be taken, by clocks that differ a little.
TAKEN_FOR = TOKEN_LIFE + timedelta(seconds=LEEWAY_SECONDS + 60)
SUBJECT = "keys/all"


def public_keys(session: Session) -> list[dict[str, Any]]:
    return [key.jwk for key in session.scalars(select(SigningKey).order_by(SigningKey.kid))]


def signing_key(session: Session) -> PrivateKey | None:
    """The key that signs now; where the clock was set back, the first of those to come."""
    now = clock.now()
    usable = or_(PrivateKey.retired_at.is_(None), PrivateKey.retired_at > now)
    keys = session.scalars(
        select(PrivateKey).where(usable).order_by(PrivateKey.signs_from, PrivateKey.kid)
    ).all()
    begun = [key for key in keys if key.signs_from <= now]
    return next(iter([*begun[-1:], *keys]), None)


@functools.lru_cache(maxsize=4)
def _loaded(pem: str) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        message = "access tokens are signed with Ed25519 keys"
        raise TypeError(message)
    return key


def mint(session: Session, who: Principal) -> str:
    """An access token that speaks for `who` for 600 seconds."""
    key = signing_key(session)
    if key is None:
        message = "identity was not prepared: it has no signing key"
        raise RuntimeError(message)
    now = clock.now()
    claims = who.to_claims() | {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + TOKEN_LIFE).timestamp()),
        "jti": new_id(),
    }
    return jwt.encode(claims, _loaded(key.pem), algorithm=ALGORITHM, headers={"kid": key.kid})
