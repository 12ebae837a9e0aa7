"""Verifying access tokens: EdDSA, with the public keys this service was given."""

import functools
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jwt
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared import clock
from shared.access.models import AccessVersion, SigningKey
from shared.access.principal import Principal
from shared.errors import UnauthenticatedError
from shared.i18n import gettext as _
from shared.settings import AUDIENCE, ISSUER

ALGORITHM = "EdDSA"
LEEWAY_SECONDS = 5
REQUIRED_CLAIMS = ["exp", "iat", "iss", "aud", "sub", "av"]


def _key(session: Session, kid: object) -> jwt.PyJWK | None:
    """The public key of that id; looked up each time, so that one taken away counts no more."""
    # Anybody may write a token's header: no database takes half of a surrogate pair, or U+0000.
    named = isinstance(kid, str) and kid.isascii() and kid.isprintable()
    found = session.get(SigningKey, kid) if named else None
    return None if found is None else _read(json.dumps(found.jwk))


@functools.lru_cache(maxsize=16)
def _read(jwk: str) -> jwt.PyJWK:
    return jwt.PyJWK.from_json(jwk)


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


def verify(session: Session, token: str) -> Principal:
    """The principal of a valid token; `UnauthenticatedError` (`stale-token` after a change)."""
    claims = _decode(session, token)
    _refuse_outside_its_time(claims)
    principal = Principal.from_claims(claims)
    known = session.get(AccessVersion, principal.user_id)
    if known is not None and principal.access_version < known.minimum:
        raise UnauthenticatedError(
            _("Your access has changed since this token was issued."), slug="stale-token"
        )
    return principal


def _decode(session: Session, token: str) -> dict[str, Any]:
    try:
        key = _key(session, jwt.get_unverified_header(token).get("kid"))
        if key is None:
            raise UnauthenticatedError(_("The access token is not valid."))
        return jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            # Its time is checked against the one clock, which tests and demonstrations move.
            options={"require": REQUIRED_CLAIMS, "verify_exp": False, "verify_iat": False},
        )
    except jwt.PyJWTError as error:
        raise UnauthenticatedError(_("The access token is not valid.")) from error


def _refuse_outside_its_time(claims: Mapping[str, Any]) -> None:
    now = clock.now().timestamp()
    if not isinstance(claims["exp"], int) or now >= claims["exp"] + LEEWAY_SECONDS:
        raise UnauthenticatedError(_("The access token has expired."), slug="expired")
    if not isinstance(claims["iat"], int) or now < claims["iat"] - LEEWAY_SECONDS:
        raise UnauthenticatedError(_("The access token is not valid yet."))
