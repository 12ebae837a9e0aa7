"""The keys of access tokens: made here, published by event and file, used to sign."""

import functools
import json
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.models import PrivateKey
from shared import clock
from shared.access.handlers import on_signing_keys_changed
from shared.access.models import SigningKey
from shared.access.principal import Principal
from shared.access.tokens import ALGORITHM
from shared.db import Database
from shared.events.outbox import emit
from shared.ids import new_id
from shared.settings import AUDIENCE, ISSUER, settings

TOKEN_LIFE = timedelta(seconds=600)
SUBJECT = "keys/all"


def prepare(database: Database) -> None:
    """Make the first key where there is none, and write the file other services begin with."""
    with database.transaction() as session:
        if _newest(session) is None:
            _publish(session, [*public_keys(session), _make(session)])
        keys = public_keys(session)
    _write_file(keys)


def _make(session: Session) -> dict[str, Any]:
    """A new private key; returns its public half as a JWK."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    kid = new_id()
    session.add(PrivateKey(kid=kid, pem=pem.decode(), created_at=clock.now()))
    read: dict[str, Any] = json.loads(OKPAlgorithm.to_jwk(private.public_key()))
    return {**read, "kid": kid, "alg": ALGORITHM, "use": "sig"}


def _publish(session: Session, keys: list[dict[str, Any]]) -> None:
    on_signing_keys_changed(
        session, emit(session, "signing_keys.changed.v1", SUBJECT, {"keys": keys})
    )


def public_keys(session: Session) -> list[dict[str, Any]]:
    return [key.jwk for key in session.scalars(select(SigningKey).order_by(SigningKey.kid))]


def _write_file(keys: list[dict[str, Any]]) -> None:
    path = settings().jwks_file
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{new_id()}")
    beside.write_text(json.dumps({"keys": keys}), encoding="utf-8")
    beside.replace(path)


def _newest(session: Session) -> PrivateKey | None:
    return session.scalars(
        select(PrivateKey)
        .where(PrivateKey.retired_at.is_(None))
        .order_by(PrivateKey.created_at.desc())
        .limit(1)
    ).first()


@functools.lru_cache(maxsize=4)
def _loaded(pem: str) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        message = "access tokens are signed with Ed25519 keys"
        raise TypeError(message)
    return key


def mint(session: Session, who: Principal) -> str:
    """An access token that speaks for `who` for 600 seconds."""
    key = _newest(session)
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
