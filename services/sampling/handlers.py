"""Events sampling listens to."""

from sqlalchemy.orm import Session

from services.sampling.commands import (
    correct_mark,
    forget_file,
    keep_entered,
    keep_file,
    keep_paper,
    take_submission,
)
from shared.events.consumer import Handlers
from shared.events.envelope import Envelope


def on_paper_changed(session: Session, event: Envelope) -> None:
    keep_paper(session, event.data, event.sequence)


def on_entries_changed(session: Session, event: Envelope) -> None:
    keep_entered(session, event.data)


def on_marks_submitted(session: Session, event: Envelope) -> None:
    take_submission(session, event.data, event.sequence)


def on_clerical_error_recorded(session: Session, event: Envelope) -> None:
    correct_mark(session, event.data, event.sequence)


def on_evidence_uploaded(session: Session, event: Envelope) -> None:
    keep_file(session, event.data)


def on_evidence_deleted(session: Session, event: Envelope) -> None:
    forget_file(session, event.data)


HANDLERS: Handlers = {
    "paper.changed.v1": on_paper_changed,
    "entries.changed.v1": on_entries_changed,
    "marks.submitted.v1": on_marks_submitted,
    "clerical_error.recorded.v1": on_clerical_error_recorded,
    "evidence.uploaded.v1": on_evidence_uploaded,
    "evidence.deleted.v1": on_evidence_deleted,
}
