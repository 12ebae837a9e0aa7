"""What identity keeps of the events of marks: which papers there are, and which are submitted."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.identity.models import Paper, Submission
from shared.events.consumer import Handlers, is_newer
from shared.events.envelope import Envelope
from shared.events.outbox import insert_into


def on_paper_changed(session: Session, event: Envelope) -> None:
    if not is_newer(session, f"paper:{event.subject}", event.sequence):
        return
    data = event.data
    session.merge(
        Paper(
            id=data["paper_id"],
            code=data["code"],
            full_title=data["full_title"],
            series=data["series"],
        )
    )


def on_marks_submitted(session: Session, event: Envelope) -> None:
    """The first submission is what counts here; a supplementary one changes nothing."""
    known = insert_into(session, Submission).values(
        centre_no=event.data["centre_no"],
        paper_id=event.data["paper_id"],
        submitted_at=datetime.fromisoformat(event.data["submitted_at"]),
    )
    session.execute(known.on_conflict_do_nothing(index_elements=["centre_no", "paper_id"]))


HANDLERS: Handlers = {
    "paper.changed.v1": on_paper_changed,
    "marks.submitted.v1": on_marks_submitted,
}
