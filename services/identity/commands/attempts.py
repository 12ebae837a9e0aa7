"""Counting failed sign-ins.

An attempt counts from its beginning and is released when it was right, so that many at once cannot
slip past the limit.
"""

import hashlib

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from services.identity.domain import throttle
from services.identity.domain.accounts import email_key
from services.identity.domain.devices import Device, Origin
from services.identity.models import FailedAttempt, Family, User
from shared import clock
from shared.db import forget as forget_rows
from shared.errors import TooManyRequestsError
from shared.i18n import gettext as _
from shared.locks import queue_for


def account_hash(email: str) -> str:
    return hashlib.sha256(email_key(email).encode()).hexdigest()


def reserve(session: Session, email: str, address: str, device: Device | None = None) -> int:
    """Begin an attempt at an account, known or not; `TooManyRequestsError` when it is too soon.

    From a `device` that the account was used from before it counts towards that device alone:
    whoever fails at the same address does not stop its owner, nor do they stop others.
    """
    now, account = clock.now(), account_hash(email)
    site = _site(session, email, address, device)
    forget_rows(session, FailedAttempt, FailedAttempt.at < now - throttle.WINDOW)
    # Counting and being counted are one: of many at once, each sees those before it.
    queue_for(session, f"attempts of {account}", f"attempts from {site}")
    of_account, of_site = FailedAttempt.account_hash == account, FailedAttempt.address == site
    wait = max(
        _wait(session, throttle.FROM_ONE_ADDRESS, of_account, of_site),
        _wait(session, throttle.OF_ONE_ADDRESS, of_site),
        0
        if throttle.is_device(site) or _is_owners(session, email, Family.address == site)
        else _wait(session, throttle.OF_ONE_ACCOUNT, of_account),
    )
    if wait:
        raise too_many(wait)
    attempt = FailedAttempt(account_hash=account, address=site, at=now)
    session.add(attempt)
    session.flush()
    return attempt.id


def _site(session: Session, email: str, address: str, device: Device | None) -> str:
    """What the attempt counts towards."""
    if device is not None and device.is_proof:
        of_device = Family.device_hash == device.digest
        if _is_owners(session, email, of_device):
            return throttle.device_site(device.digest)
    return throttle.site_of(address)


def _wait(session: Session, limit: throttle.Limit, *which: ColumnElement[bool]) -> int:
    newest = (
        select(FailedAttempt.at)
        .where(*which)
        .order_by(FailedAttempt.at.desc())
        .limit(limit.failures)
    )
    return throttle.seconds_to_wait(limit, session.scalars(newest).all(), clock.now())


def _is_owners(session: Session, email: str, origin: ColumnElement[bool]) -> bool:
    """Whether the owner has signed in from there before: others cannot stop them there."""
    if not email.isprintable():
        return False
    signed_in = (
        select(Family.id)
        .join(User, User.id == Family.user_id)
        .where(User.email_key == email_key(email), origin)
    )
    return bool(session.scalar(select(exists(signed_in))))


def too_many(wait: int) -> TooManyRequestsError:
    return TooManyRequestsError(
        _("Too many failed attempts. Try again in %(seconds)s seconds.", seconds=wait),
        headers={"Retry-After": str(wait)},
    )


def release(session: Session, attempt_id: int) -> None:
    """The attempt was no failure."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.id == attempt_id))


def forget(session: Session, email: str, origin: Origin) -> None:
    """The owner signed in: what went wrong before there no longer counts."""
    sites = (throttle.site_of(origin.address), throttle.device_site(origin.device.digest))
    session.execute(
        delete(FailedAttempt).where(
            FailedAttempt.account_hash == account_hash(email), FailedAttempt.address.in_(sites)
        )
    )
