"""Handlers every service has: keys, access versions and allocations from identity's events."""

import functools

from sqlalchemy import Insert
from sqlalchemy.orm import Session

from shared import clock
from shared.access.models import AccessVersion, Allocation
from shared.access.tokens import store_keys
from shared.events.consumer import Handlers, is_newer
from shared.events.envelope import Envelope
from shared.events.outbox import dialect_of, insert_for


def on_signing_keys_changed(session: Session, event: Envelope) -> None:
    if is_newer(session, "signing_keys", event.sequence):
        store_keys(session, event.data["keys"])


@functools.cache
def _newest_access(dialect: str) -> Insert:
    insert = insert_for(dialect, AccessVersion)
    return insert.on_conflict_do_update(
        index_elements=["user_id"],
        set_={column.name: column for column in insert.excluded if column.name != "user_id"},
        where=AccessVersion.version < insert.excluded.version,
    )


def on_access_changed(session: Session, event: Envelope) -> None:
    """From now on refuse older tokens of the user, or take them for what the user may do now.

    The version only rises, whatever the order of the events.
    """
    version = event.data["access_version"]
    told = {
        "user_id": event.data["user_id"],
        "version": version,
        "minimum": event.data.get("tokens_from", version),
        "grants": event.data.get("grants"),
        "ended_sessions": event.data.get("ended_sessions"),
        "changed_at": clock.now(),
    }
    session.execute(_newest_access(dialect_of(session)), told)


def _allocation(event: Envelope) -> Allocation:
    keys = ("user_id", "centre_no", "paper_id")
    return Allocation(**{key: event.data[key] for key in keys})


def _is_newest(session: Session, event: Envelope) -> bool:
    aspect = f"allocation:{event.subject}:{event.data['user_id']}"
    return is_newer(session, aspect, event.sequence)


def on_moderator_allocated(session: Session, event: Envelope) -> None:
    if _is_newest(session, event):
        session.merge(_allocation(event))


def on_moderator_deallocated(session: Session, event: Envelope) -> None:
    if not _is_newest(session, event):
        return
    gone = session.get(
        Allocation, tuple(event.data[key] for key in ("user_id", "centre_no", "paper_id"))
    )
    if gone is not None:
        session.delete(gone)


ACCESS_HANDLERS: Handlers = {
    "signing_keys.changed.v1": on_signing_keys_changed,
    "user.access_changed.v1": on_access_changed,
    "moderator.allocated.v1": on_moderator_allocated,
    "moderator.deallocated.v1": on_moderator_deallocated,
}
