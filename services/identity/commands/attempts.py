"""Counting failed sign-ins.

An attempt counts from its beginning and is released when it was right, so that many at once cannot
slip past the limit.
"""

import hashlib

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from services.identity.domain import throttle
from services.identity.domain.accounts import email_key
from services.identity.models import FailedAttempt, Family, User
from shared import clock
from shared.errors import TooManyRequestsError
from shared.i18n import gettext as _


def _account_hash(email: str) -> str:
    return hashlib.sha256(email_key(email).encode()).hexdigest()


def reserve(session: Session, email: str, address: str) -> int:
    """Begin an attempt at an account, known or not; `TooManyRequestsError` when it is too soon."""
    now, site = clock.now(), throttle.site_of(address)
    account = _account_hash(email)
    session.execute(delete(FailedAttempt).where(FailedAttempt.at < now - throttle.WINDOW))
    of_account, of_site = FailedAttempt.account_hash == account, FailedAttempt.address == site
    wait = max(
        _wait(session, throttle.FROM_ONE_ADDRESS, of_account, of_site),
        _wait(session, throttle.OF_ONE_ADDRESS, of_site),
        0
        if _is_owners(session, email, site)
        else _wait(session, throttle.OF_ONE_ACCOUNT, of_account),
    )
    if wait:
        raise TooManyRequestsError(
            _("Too many failed attempts. Try again in %(seconds)s seconds.", seconds=wait),
            headers={"Retry-After": str(wait)},
        )
    attempt = FailedAttempt(account_hash=account, address=site, at=now)
    session.add(attempt)
    session.flush()
    return attempt.id


def _wait(session: Session, limit: throttle.Limit, *which: ColumnElement[bool]) -> int:
    newest = (
        select(FailedAttempt.at)
        .where(*which)
        .order_by(FailedAttempt.at.desc())
        .limit(limit.failures)
    )
    return throttle.seconds_to_wait(limit, session.scalars(newest).all(), clock.now())


def _is_owners(session: Session, email: str, site: str) -> bool:
    """Whether the owner has signed in from there before: others cannot stop them there."""
    signed_in = (
        select(Family.id)
        .join(User, User.id == Family.user_id)
        .where(User.email_key == email_key(email), Family.address == site)
    )
    return bool(session.scalar(select(exists(signed_in))))


def release(session: Session, attempt_id: int) -> None:
    """The attempt was no failure."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.id == attempt_id))


def forget(session: Session, email: str, address: str) -> None:
    """The owner signed in: what went wrong before at this address no longer counts."""
    session.execute(
        delete(FailedAttempt).where(
            FailedAttempt.account_hash == _account_hash(email),
            FailedAttempt.address == throttle.site_of(address),
        )
    )
