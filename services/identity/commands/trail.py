"""Audit rows about accounts; never a password, code, secret or token in them."""

from sqlalchemy.orm import Session

from services.identity.models import User
from shared import audit
from shared.access.principal import Principal

NOBODY = Principal("nobody", "not signed in", "service", {}, "en", 0)


def subject_of(user: User | None) -> str:
    return f"users/{user.id}" if user else "users/unknown"


def by_owner(session: Session, user: User, action: str, **after: object) -> None:
    """Note what the owner of an account did at signing in."""
    owner = Principal(user.id, user.name, user.kind, {}, user.language, user.access_version)
    audit.record(session, owner, action, subject_of(user), audit.Change(after=dict(after)))


def by_nobody(session: Session, user: User | None, action: str, **after: object) -> None:
    """Note what somebody not signed in tried."""
    audit.record(session, NOBODY, action, subject_of(user), audit.Change(after=dict(after)))
