"""The present state of identity, as its events tell it."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.commands.accounts import FIRST_VERSION, access_data, access_subject
from services.identity.commands.allocations import event_data, subject_of
from services.identity.commands.signing import SUBJECT, public_keys
from services.identity.models import AllocationRecord, ServiceAccount, User
from shared.audit import AuditRow
from shared.events.republish import FETCHED, Present, Told


def signing_keys(session: Session) -> Iterator[Told]:
    yield SUBJECT, {"keys": public_keys(session)}


def access(session: Session) -> Iterator[Told]:
    """The access version of everybody whose access ever changed; of others there is no event."""
    changed = select(User).where(User.access_version > FIRST_VERSION)
    for user in session.scalars(changed.execution_options(yield_per=FETCHED)):
        yield access_subject(user), access_data(user)
    tools = select(ServiceAccount).where(ServiceAccount.access_version > FIRST_VERSION)
    for tool in session.scalars(tools):
        yield access_subject(tool), access_data(tool)


def allocations(session: Session) -> Iterator[Told]:
    for record in session.scalars(select(AllocationRecord).execution_options(yield_per=FETCHED)):
        yield subject_of(record), event_data(record)


def ended_allocations(session: Session) -> Iterator[Told]:
    """Those that are over, by the trail: whoever missed that would let them in for ever."""
    records = session.scalars(select(AllocationRecord))
    there = {_key(event_data(record)) for record in records}
    over = select(AuditRow).where(AuditRow.action == "moderator.deallocated").order_by(AuditRow.id)
    for row in session.scalars(over.execution_options(yield_per=FETCHED)):
        if _key(row.before) not in there:
            there.add(_key(row.before))
            yield row.subject, row.before


def _key(data: Mapping[str, str]) -> tuple[str, ...]:
    return data["centre_no"], data["paper_id"], data["user_id"]


PRESENT: Present = {
    "signing_keys.changed.v1": signing_keys,
    "user.access_changed.v1": access,
    "moderator.allocated.v1": allocations,
    "moderator.deallocated.v1": ended_allocations,
}
