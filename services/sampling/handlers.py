"""Events sampling listens to."""

from sqlalchemy.orm import Session

from services.sampling.commands import (
    amend_mark,
    correct_mark,
    forget_file,
    forget_submission,
    keep_entered,
    keep_file,
    keep_paper,
    take_submission,
)
from services.sampling.commands.corrections import note_acknowledged, note_recorded
from shared.access.teaching_sets import keep_teaching_sets
from shared.events.consumer import Handlers
from shared.events.envelope import Envelope


def on_paper_changed(session: Session, event: Envelope) -> None:
    keep_paper(session, event.data, event.sequence)


def on_entries_changed(session: Session, event: Envelope) -> None:
    keep_entered(session, event.data, event.sequence)
    keep_teaching_sets(session, event)


def on_marks_submitted(session: Session, event: Envelope) -> None:
    take_submission(session, event.data, event.sequence)


def on_clerical_error_recorded(session: Session, event: Envelope) -> None:
    correct_mark(session, event.data, event.sequence)
    note_recorded(session, event.data)


def on_clerical_error_acknowledged(session: Session, event: Envelope) -> None:
    note_acknowledged(session, event.data)


def on_marks_amended(session: Session, event: Envelope) -> None:
    amend_mark(session, event.data, event.sequence)


def on_submission_reopened(session: Session, event: Envelope) -> None:
    forget_submission(session, event.data, event.sequence)


def on_evidence_uploaded(session: Session, event: Envelope) -> None:
    keep_file(session, event.data)


def on_evidence_status_changed(session: Session, event: Envelope) -> None:
    """What was rejected is no evidence."""
    if event.data["status"] == "rejected":
        forget_file(session, event.data)


def on_evidence_deleted(session: Session, event: Envelope) -> None:
    forget_file(session, event.data)


HANDLERS: Handlers = {
    "paper.changed.v1": on_paper_changed,
    "entries.changed.v1": on_entries_changed,
    "marks.submitted.v1": on_marks_submitted,
    "clerical_error.recorded.v1": on_clerical_error_recorded,
    "clerical_error.acknowledged.v1": on_clerical_error_acknowledged,
    "marks.amended.v1": on_marks_amended,
    "submission.reopened.v1": on_submission_reopened,
    "evidence.uploaded.v1": on_evidence_uploaded,
    "evidence.status_changed.v1": on_evidence_status_changed,
    "evidence.deleted.v1": on_evidence_deleted,
}
