"""Verifying access tokens: EdDSA, with the public keys this service was given."""

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from shared import clock
from shared.access.models import AccessVersion, SigningKey
from shared.access.principal import Principal
from shared.errors import UnauthenticatedError
from shared.i18n import gettext as _
from shared.settings import AUDIENCE, ISSUER

ALGORITHM = "EdDSA"
LEEWAY_SECONDS = 5
STALE = "stale-token"
REQUIRED_CLAIMS = ["exp", "iat", "iss", "aud", "sub", "av"]


_KNOWN = (
    select(SigningKey.jwk, AccessVersion)
    .outerjoin(AccessVersion, AccessVersion.user_id == bindparam("user_id"))
    .where(SigningKey.kid == bindparam("kid"))
)


def _known(session: Session, **named: object) -> tuple[str, AccessVersion | None] | None:
    """The key `kid`, and what became of the access of `user_id`; None where there is no such key.

    Looked up each time, so that what is taken away counts no more.
    """
    # Anybody may write a token: no database takes half of a surrogate pair, or U+0000.
    for name in named.values():
        if not (isinstance(name, str) and name.isascii() and name.isprintable()):
            return None
    found = session.execute(_KNOWN, named).first()
    return None if found is None else (json.dumps(found[0]), found[1])


@functools.lru_cache(maxsize=16)
def _read(jwk: str) -> jwt.PyJWK:
    return jwt.PyJWK.from_json(jwk)


@functools.lru_cache(maxsize=1024)
def _names(token: str) -> Mapping[str, object]:
    """The ids of key and user that a token names, whoever has made it; else `PyJWTError`."""
    said = jwt.decode_complete(token, options={"verify_signature": False})
    return {"kid": said["header"].get("kid"), "user_id": said["payload"].get("sub")}


@functools.lru_cache(maxsize=1024)
def _signed(token: str, jwk: str) -> Mapping[str, Any]:
    """The claims of a token that this key has signed, whatever its time; else `PyJWTError`.

    People send the same token for minutes, and that never changes.
    """
    return jwt.decode(
        token,
        _read(jwk),
        algorithms=[ALGORITHM],
        audience=AUDIENCE,
        issuer=ISSUER,
        # Its time is checked against the one clock, which tests and demonstrations move.
        options={"require": REQUIRED_CLAIMS, "verify_exp": False, "verify_iat": False},
    )


def store_keys(session: Session, jwks: Iterable[Mapping[str, Any]]) -> None:
    """Make these public keys the ones known here; keys no longer named are forgotten."""
    wanted = {jwk["kid"]: dict(jwk) for jwk in jwks}
    for row in session.scalars(select(SigningKey)).all():
        if row.kid not in wanted:
            session.delete(row)
    for kid, jwk in wanted.items():
        session.merge(SigningKey(kid=kid, jwk=jwk))


def store_first_keys(session: Session, path: Path) -> None:
    """Take the keys of a JWKS file where none is known yet; later ones come by event."""
    if path.exists() and session.scalars(select(SigningKey)).first() is None:
        store_keys(session, json.loads(path.read_text(encoding="utf-8"))["keys"])


@dataclass(frozen=True)
class Admitted:
    """Whom a valid token speaks for, and until when."""

    principal: Principal
    until: datetime


def verify(session: Session, token: str) -> Principal:
    """The principal of a valid token; `UnauthenticatedError` (`stale-token` after a change)."""
    return admit(session, token).principal


def admit(session: Session, token: str) -> Admitted:
    """As `verify`, for what goes on until the token ends."""
    try:
        known = _known(session, **_names(token))
        if known is None:
            raise UnauthenticatedError(_("The access token is not valid."))
        jwk, changed = known
        claims = _signed(token, jwk)
    except jwt.PyJWTError as error:
        raise UnauthenticatedError(_("The access token is not valid.")) from error
    _refuse_outside_its_time(claims)
    principal = Principal.from_claims(claims)
    if changed is not None:
        principal = as_of_now(principal, changed)
    return Admitted(principal, datetime.fromtimestamp(claims["exp"], UTC))


def as_of_now(principal: Principal, known: AccessVersion) -> Principal:
    """What was granted since the token was issued holds; after a loss the token is refused.

    Raises `UnauthenticatedError`. It may be asked again of the principal it gives.
    """
    if principal.access_version < known.minimum:
        raise UnauthenticatedError(
            _("Your access has changed since this token was issued."), slug=STALE
        )
    if known.has_ended(principal.session_id):
        raise UnauthenticatedError(_("Your session has ended. Please sign in again."), slug=STALE)
    if principal.access_version >= known.version or known.grants is None:
        return principal
    return principal.granted(known.grants)


def access_version_of(token: str) -> int:
    """The access version that a token of our own keeping carries; 0 where it cannot be read."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
        return int(claims.get("av", 0))
    except jwt.PyJWTError:
        return 0


def _refuse_outside_its_time(claims: Mapping[str, Any]) -> None:
    now = clock.now().timestamp()
    if not isinstance(claims["exp"], int) or now >= claims["exp"] + LEEWAY_SECONDS:
        raise UnauthenticatedError(_("The access token has expired."), slug="expired")
    if not isinstance(claims["iat"], int) or now < claims["iat"] - LEEWAY_SECONDS:
        raise UnauthenticatedError(_("The access token is not valid yet."))
