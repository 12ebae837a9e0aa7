"""Sessions: a family of refresh tokens descends from each sign-in, one traded for the next.

A token traded twice was copied: the whole family ends. Two tabs that refresh at the same moment
are no copy, nor is a trade whose answer was lost on its way: for a short grace the second gets a
token of the same family too.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity import queries
from services.identity.commands import signing, trail
from services.identity.commands.accounts import raise_access_version, tell_access
from services.identity.domain.devices import Origin
from services.identity.domain.throttle import site_of
from services.identity.models import Family, RefreshToken, User
from shared import clock
from shared.db import Database, forget
from shared.errors import UnauthenticatedError
from shared.i18n import gettext as _
from shared.ids import new_id

REFRESH_LIFE = timedelta(hours=12)
LONGEST_SESSION = timedelta(days=7)
GRACE = timedelta(seconds=20)
RANDOM_BYTES = 32


class TokenAnswer(TypedDict):
    """A signed-in session; `expires_in` is the life of the access token in seconds."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    user: queries.UserView


def digest(token: str) -> str:
    """How a token of random bits is kept and found again."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_ended() -> UnauthenticatedError:
    return UnauthenticatedError(_("Your session has ended. Please sign in again."))


def start(session: Session, user: User, origin: Origin) -> TokenAnswer:
    now = clock.now()
    forget(session, RefreshToken, RefreshToken.expires_at < now)
    family = Family(
        id=new_id(),
        user_id=user.id,
        address=site_of(origin.address),
        device_hash=origin.device.digest,
        device=origin.device.name,
        started_at=now,
        authenticated_at=now,
        seen_at=now,
    )
    session.add(family)
    session.flush()
    return _continue(session, user, family)


def _continue(session: Session, user: User, family: Family) -> TokenAnswer:
    token = secrets.token_urlsafe(RANDOM_BYTES)
    family.seen_at = clock.now()
    expires_at = min(clock.now() + REFRESH_LIFE, family.started_at + LONGEST_SESSION)
    session.add(RefreshToken(token_hash=digest(token), family_id=family.id, expires_at=expires_at))
    given = int(family.authenticated_at.timestamp())
    who = queries.principal_of(session, user, family.id, given)
    return {
        "access_token": signing.mint(session, who),
        "refresh_token": token,
        "token_type": "Bearer",
        "expires_in": int(signing.TOKEN_LIFE.total_seconds()),
        "user": queries.user_view(session, user),
    }


def refresh(database: Database, refresh_token: str) -> TokenAnswer:
    """Trade a refresh token for the next one and a new access token."""
    answer = database.run(lambda session: _trade(session, digest(refresh_token)))
    if answer is None:
        raise session_ended()
    return answer


def _trade(session: Session, token_hash: str) -> TokenAnswer | None:
    """None where it is refused; that a copied token ended its family stays true then."""
    claimed = _claim(session, token_hash)
    token = session.get(RefreshToken, token_hash, populate_existing=True)
    if token is None or token.expires_at <= clock.now():
        return None
    family = session.get_one(Family, token.family_id, with_for_update=True)
    user = session.get_one(User, family.user_id)
    if family.ended_at is not None:
        return None
    if not claimed and not _within_grace(token):
        _end_copied(session, family)
        return None
    if not queries.may_sign_in(session, user):
        return None
    return _continue(session, user, family)


def _end_copied(session: Session, family: Family) -> None:
    """Somebody has a copy: the session ends, and with it the access tokens issued until now."""
    user = session.get_one(User, family.user_id, with_for_update={"key_share": True})
    end(family, "reuse")
    raise_access_version(session, user)
    trail.by_nobody(session, user, "session.token_reused", family=family.id)


def _claim(session: Session, token_hash: str) -> bool:
    """Mark the token as traded; True for the one who did."""
    traded = (
        update(RefreshToken)
        .where(RefreshToken.token_hash == token_hash, RefreshToken.rotated_at.is_(None))
        .values(rotated_at=clock.now())
        .returning(RefreshToken.token_hash)
    )
    return session.execute(traded).first() is not None


def _within_grace(token: RefreshToken) -> bool:
    return token.rotated_at is not None and clock.now() - token.rotated_at <= GRACE


def end(family: Family, why: str) -> None:
    if family.ended_at is None:
        family.ended_at, family.ended_why = clock.now(), why


def end_all(session: Session, user_id: str, why: str, but: str = "") -> None:
    """End every session of an account, but perhaps one."""
    session.execute(
        update(Family)
        .where(Family.user_id == user_id, Family.ended_at.is_(None), Family.id != but)
        .values(ended_at=clock.now(), ended_why=why)
    )


def sign_out(session: Session, family_id: str | None) -> None:
    """End the session at once and everywhere: no token of it is taken any more."""
    family = session.get(Family, family_id, with_for_update=True) if family_id else None
    if family is None or family.ended_at is not None:
        return
    end(family, "sign-out")
    user = session.get_one(User, family.user_id, with_for_update={"key_share": True})
    tell_access(session, user)
    trail.by_owner(session, user, "session.ended", family=family.id)


def family_of(session: Session, refresh_token: str) -> str | None:
    token = session.get(RefreshToken, digest(refresh_token))
    return token.family_id if token else None
