"""Events in: what listeners are told, and what tells who may be told of it."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.gateway.live.keeping import forget_held, keep
from services.gateway.live.queries import STREAM
from services.gateway.models import KnownPaper, KnownSheet
from shared.access.teaching_sets import keep_teaching_sets
from shared.bus import EVENTS
from shared.events.consumer import Handler, Handlers, is_newer
from shared.events.envelope import Envelope
from shared.events.outbox import insert_into
from shared.events.schemas import EVENT_TYPES
from shared.locks import queue_for


def on_entries_changed(session: Session, event: Envelope) -> None:
    """Of entries, which carry names, only that there are some and who is in which set is kept."""
    _know_sheet(session, event, submitted=False)
    keep_teaching_sets(session, event)


def on_marks_submitted(session: Session, event: Envelope) -> None:
    if is_newer(session, f"submitted:{event.subject}", event.sequence):
        _know_sheet(session, event, submitted=True)


def on_submission_reopened(session: Session, event: Envelope) -> None:
    """The moderator hears no more of it, until it is submitted again; the centre no outcome."""
    if is_newer(session, f"submitted:{event.subject}", event.sequence):
        of_sheet = {name: event.data[name] for name in ("centre_no", "paper_id")}
        session.execute(update(KnownSheet).filter_by(**of_sheet).values(submitted=False))
        forget_held(session, event)


def on_paper_changed(session: Session, event: Envelope) -> None:
    if is_newer(session, f"paper:{event.data['paper_id']}", event.sequence):
        results_day = datetime.fromisoformat(event.data["results_day"])
        session.merge(KnownPaper(paper_id=event.data["paper_id"], results_day=results_day))


def _know_sheet(session: Session, event: Envelope, *, submitted: bool) -> None:
    keys = {name: event.data[name] for name in ("centre_no", "paper_id")}
    known = insert_into(session, KnownSheet).values(**keys, submitted=submitted)
    index = list(keys)
    if submitted:
        known = known.on_conflict_do_update(index_elements=index, set_={"submitted": True})
    else:
        known = known.on_conflict_do_nothing(index_elements=index)
    session.execute(known)


_KNOWING: Handlers = {
    "entries.changed.v1": on_entries_changed,
    "marks.submitted.v1": on_marks_submitted,
    "submission.reopened.v1": on_submission_reopened,
    "paper.changed.v1": on_paper_changed,
}


def _told_and(know: Handler | None) -> Handler:
    def handle(session: Session, event: Envelope) -> None:
        # Whoever adds to the stream waits for the one before: here, while it holds nothing else.
        queue_for(session, STREAM)
        if know:
            know(session, event)
        keep(session, event)

    return handle


TOLD = [key for key, event_type in EVENT_TYPES.items() if event_type.exchange == EVENTS]
HANDLERS: Handlers = {**_KNOWING, **{key: _told_and(_KNOWING.get(key)) for key in TOLD}}
