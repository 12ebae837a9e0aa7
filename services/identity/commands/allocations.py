"""Allocating moderators to a centre and paper: the board's."""

import threading
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.identity.commands.accounts import unknown_centre
from services.identity.models import AllocationRecord, Centre, Interest, Paper, User
from services.identity.queries import allocations as queries
from services.identity.queries import user_by_email
from services.identity.queries.allocations import AllocationView
from shared import audit, clock
from shared.access.handlers import on_moderator_allocated, on_moderator_deallocated
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.db import Database
from shared.errors import FieldError, UnprocessableError
from shared.events.outbox import emit
from shared.i18n import gettext as _
from shared.ids import new_id

PAPER_WAIT_SECONDS = 2.0
PAPER_LOOKS = 20


@dataclass(frozen=True)
class Wanted:
    """Who is to moderate what."""

    email: str
    centre_no: str
    paper_id: str


def allocate(database: Database, who: Principal, wanted: Wanted) -> AllocationView:
    """Allocate the appointee; the same once more is the same allocation."""
    _await_paper(database, wanted.paper_id)
    with database.transaction() as session:
        user = _appointee(session, wanted)
        record = queries.allocation_record(session, user.id, wanted.centre_no, wanted.paper_id)
        if record is None:
            record = make(session, who, user, wanted)
        return queries.allocation_view(session, record)


def _await_paper(database: Database, paper_id: str) -> None:
    """Give the event of a paper made a moment ago the time to arrive."""
    pause = threading.Event()
    for _look in range(PAPER_LOOKS):
        with database.reading() as session:
            if session.get(Paper, paper_id) is not None:
                return
        pause.wait(PAPER_WAIT_SECONDS / PAPER_LOOKS)


def _appointee(session: Session, wanted: Wanted) -> User:
    """The account, free to moderate there and held; every refusal names its field."""
    user = user_by_email(session, wanted.email)
    if user is not None:
        # Two of the same at once queue here, and so does who changes the account.
        session.refresh(user, with_for_update={"key_share": True})
    if user is None or user.kind != "appointee" or user.status == "deactivated":
        raise _refusal("/email", _("No appointee has this email address."))
    if session.get(Centre, wanted.centre_no) is None:
        raise unknown_centre(wanted.centre_no)
    if session.get(Paper, wanted.paper_id) is None:
        raise _refusal("/paper_id", _("There is no such paper."))
    if session.get(Interest, (user.id, wanted.centre_no)) is not None:
        raise _refusal("/email", _("Nobody moderates a centre of their own."))
    return user


def _refusal(pointer: str, detail: str) -> UnprocessableError:
    return UnprocessableError(detail, errors=[FieldError(pointer, detail)])


def make(session: Session, who: Principal, user: User, wanted: Wanted) -> AllocationRecord:
    """Allocate: what the rules have to say has been asked."""
    record = AllocationRecord(
        id=new_id(),
        user_id=user.id,
        centre_no=wanted.centre_no,
        paper_id=wanted.paper_id,
        allocated_at=clock.now(),
        allocated_by=who.user_id,
    )
    session.add(record)
    session.flush()
    event = emit(session, "moderator.allocated.v1", subject_of(record), event_data(record))
    on_moderator_allocated(session, event)
    audit.record(
        session,
        who,
        "moderator.allocated",
        subject_of(record),
        audit.Change(after=event_data(record)),
    )
    return record


def deallocate(session: Session, who: Principal, allocation_id: str) -> None:
    record = session.get(AllocationRecord, allocation_id, with_for_update=True)
    if record is None:
        raise not_found()
    end(session, who, record)


def end(session: Session, who: Principal, record: AllocationRecord) -> None:
    session.delete(record)
    event = emit(session, "moderator.deallocated.v1", subject_of(record), event_data(record))
    on_moderator_deallocated(session, event)
    audit.record(
        session,
        who,
        "moderator.deallocated",
        subject_of(record),
        audit.Change(before=event_data(record)),
    )


def subject_of(record: AllocationRecord) -> str:
    """The subject of its events."""
    return f"{record.centre_no}/{record.paper_id}"


def event_data(record: AllocationRecord) -> dict[str, str]:
    """The data of `moderator.allocated.v1` and `moderator.deallocated.v1`."""
    return {
        "user_id": record.user_id,
        "centre_no": record.centre_no,
        "paper_id": record.paper_id,
    }
