"""Audit rows about accounts; never a password, code, secret or token in them."""

from datetime import timedelta

from sqlalchemy.orm import Session

from services.identity.domain.throttle import site_of
from services.identity.models import Refusal, User
from services.identity.queries.trail import NOBODY as NOBODY_ID
from shared import audit, clock
from shared.access.principal import Principal
from shared.db import forget
from shared.events.outbox import insert_into

COUNTED = timedelta(days=1)
NOBODY = Principal(NOBODY_ID, "not signed in", "service", {}, "en", 0)


def subject_of(user: User | None) -> str:
    return f"users/{user.id}" if user else "users/unknown"


def by_owner(session: Session, user: User, action: str, **after: object) -> None:
    """Note what the owner of an account did at signing in."""
    owner = Principal(user.id, user.name, user.kind, {}, user.language, user.access_version)
    audit.record(session, owner, action, subject_of(user), audit.Change(after=dict(after)))


def by_nobody(session: Session, user: User | None, action: str, **after: object) -> None:
    """Note what somebody not signed in tried."""
    audit.record(session, NOBODY, action, subject_of(user), audit.Change(after=dict(after)))


def refused(session: Session, user: User | None, address: str) -> None:
    """Note a wrong password: of an account each time, for the limits bound how often.

    Addresses without an account are made up without end: of those refused at one place within an
    hour the 1st, the 10th, the 100th and so on is noted, with how many it were.
    """
    times = 1 if user else _times(session, site_of(address))
    if str(times).strip("0") == "1":
        told = {"address": address} | ({"times": times} if times > 1 else {})
        by_nobody(session, user, "sign_in.refused", **told)


def _times(session: Session, site: str) -> int:
    """How many it are with this one, in this hour."""
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    forget(session, Refusal, Refusal.hour < now - COUNTED)
    counted = insert_into(session, Refusal).values(address=site, hour=hour, times=1)
    one_more = counted.on_conflict_do_update(
        index_elements=["address", "hour"], set_={"times": Refusal.times + 1}
    )
    return session.scalars(one_more.returning(Refusal.times)).one()
