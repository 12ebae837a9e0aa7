"""Keys of access tokens: made, published ahead of their use, and forgotten after it.

A rotation is planned whole when it is asked for. The new public key goes out at once; its private
half signs from a moment on at which every service has it; the old one stays public until the last
token it signed has ended. Nothing has to run at the moment of the change: who signs is read from
the plan. Asked again before that moment, the plan stays as it is.
"""

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import OKPAlgorithm
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.commands.signing import (
    SUBJECT,
    TAKEN_FOR,
    public_keys,
    signing_key,
)
from services.identity.models import PrivateKey
from shared import audit, clock
from shared.access.handlers import on_signing_keys_changed
from shared.access.tokens import ALGORITHM
from shared.db import Database
from shared.events.outbox import emit
from shared.ids import new_id
from shared.locks import queue_for
from shared.settings import settings

PUBLISHED_AHEAD = timedelta(seconds=60)
# Longer than any token lives that the key signed, by as much as a clock may be wrong.
LOOKS_SECONDS = 30.0
QUEUE = "signing keys"


def prepare(database: Database) -> None:
    """Make the first key where there is none, and write the file other services begin with."""
    with database.transaction() as session:
        queue_for(session, QUEUE)
        if signing_key(session) is None:
            _add(session, timedelta())
        keys = public_keys(session)
    write_file(settings().jwks_file, keys)


def rotate(session: Session, ahead: timedelta = PUBLISHED_AHEAD) -> PrivateKey:
    """Plan the next key, or give the one that is planned already; `ahead` is how long to wait."""
    queue_for(session, QUEUE)
    newest = session.scalars(select(PrivateKey).where(PrivateKey.retired_at.is_(None))).first()
    if newest is not None and newest.signs_from > clock.now():
        return newest
    return _add(session, ahead)


def every(session: Session) -> list[PrivateKey]:
    return list(session.scalars(select(PrivateKey).order_by(PrivateKey.signs_from)))


def _add(session: Session, ahead: timedelta) -> PrivateKey:
    key, jwk = _make(ahead)
    for older in session.scalars(select(PrivateKey).where(PrivateKey.retired_at.is_(None))):
        older.retired_at = key.signs_from
    session.add(key)
    _publish(session, [*public_keys(session), jwk])
    change = audit.Change(after={"signs_from": key.signs_from.isoformat()})
    audit.record(session, None, "key.added", f"keys/{key.kid}", change)
    return key


def _make(ahead: timedelta) -> tuple[PrivateKey, dict[str, Any]]:
    """A new private key, and its public half as a JWK."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    now, kid = clock.now(), new_id()
    key = PrivateKey(kid=kid, pem=pem, created_at=now, signs_from=now + ahead)
    jwk: dict[str, Any] = json.loads(OKPAlgorithm.to_jwk(private.public_key()))
    return key, {**jwk, "kid": kid, "alg": ALGORITHM, "use": "sig"}


def _publish(session: Session, keys: list[dict[str, Any]]) -> None:
    event = emit(session, "signing_keys.changed.v1", SUBJECT, {"keys": keys})
    on_signing_keys_changed(session, event)


def forget(session: Session) -> int:
    """Take away the keys whose last token has ended; gives how many."""
    queue_for(session, QUEUE)
    return _remove(session, _over(session), "key.removed")


def _over(session: Session) -> list[PrivateKey]:
    over = PrivateKey.retired_at < clock.now() - TAKEN_FOR
    return list(session.scalars(select(PrivateKey).where(over)))


def revoke(session: Session) -> PrivateKey:
    """Somebody has got hold of the keys: from now on only a new one is good, and only its tokens.

    Whoever is signed in goes on with their refresh token.
    """
    queue_for(session, QUEUE)
    leaked = every(session)
    key = _add(session, timedelta())
    session.flush()
    _remove(session, leaked, "key.revoked")
    return key


def _remove(session: Session, keys: list[PrivateKey], action: str) -> int:
    gone = {key.kid for key in keys}
    for key in keys:
        session.delete(key)
        audit.record(session, None, action, f"keys/{key.kid}", audit.Change())
    if gone:
        _publish(session, [jwk for jwk in public_keys(session) if jwk["kid"] not in gone])
    return len(gone)


def write_file(path: Path, keys: list[dict[str, Any]]) -> None:
    """What a service begins with that knows no key yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{new_id()}")
    beside.write_text(json.dumps({"keys": keys}), encoding="utf-8")
    beside.replace(path)


def run(database: Database, stop: threading.Event) -> None:
    """Forget old keys in time, until told to stop."""
    while not stop.wait(LOOKS_SECONDS):
        with database.reading() as session:
            any_over = bool(_over(session))
        if any_over:
            with database.transaction() as session:
                forget(session)
