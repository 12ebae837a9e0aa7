"""Events in: each fills its own columns, whatever came before it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.reports.commands import count_file, discount_file, keep_newest
from services.reports.models import Candidate, Paper, Submission
from shared.events.consumer import Handlers
from shared.events.envelope import Envelope

Data = dict[str, Any]

PAPER_COLUMNS = (
    "code",
    "title",
    "unit",
    "full_title",
    "qualification",
    "series",
    "tasks",
    "outcomes",
    "initials_required",
)
MARK_COLUMNS = (
    "candidate_no",
    "tasks",
    "total",
    "effective_total",
    "code",
    "outcome",
    "initials",
)


def _named(data: Data, names: Iterable[str]) -> Data:
    return {name: data[name] for name in names}


def _sheet(event: Envelope) -> Data:
    return _named(event.data, ("centre_no", "paper_id"))


def on_paper_changed(session: Session, event: Envelope) -> None:
    row = {"id": event.data["paper_id"], "sequence": event.sequence}
    keep_newest(session, Paper, "sequence", [row | _named(event.data, PAPER_COLUMNS)])


def on_entries_changed(session: Session, event: Envelope) -> None:
    same = _sheet(event) | {"entry_sequence": event.sequence}
    rows = [same | _entry(candidate) for candidate in event.data["candidates"]]
    keep_newest(session, Candidate, "entry_sequence", rows)


def _entry(candidate: Data) -> Data:
    return _named(candidate, ("candidate_no", "surname", "forenames")) | {
        "dob": date.fromisoformat(candidate["dob"]),
        "withdrawn": candidate["change"] == "withdrawn",
    }


def on_marks_submitted(session: Session, event: Envelope) -> None:
    sheet = _sheet(event)
    submitted_at = datetime.fromisoformat(event.data["submitted_at"])
    submission = sheet | {"submitted_at": submitted_at, "sequence": event.sequence}
    keep_newest(session, Submission, "sequence", [submission])
    same = sheet | {"mark_sequence": event.sequence}
    marks = [same | _named(candidate, MARK_COLUMNS) for candidate in event.data["candidates"]]
    keep_newest(session, Candidate, "mark_sequence", marks)


def on_clerical_error_recorded(session: Session, event: Envelope) -> None:
    row = _sheet(event) | {
        "candidate_no": event.data["candidate_no"],
        "clerical_tasks": event.data["amended"]["tasks"],
        "clerical_total": event.data["effective_total"],
        "clerical_sequence": event.sequence,
    }
    keep_newest(session, Candidate, "clerical_sequence", [row])


def on_sample_changed(session: Session, event: Envelope) -> None:
    same = _sheet(event) | {"sample_sequence": event.sequence}
    chosen = [
        same | _named(candidate, ("candidate_no", "chosen_by"))
        for candidate in event.data["candidates"]
    ]
    keep_newest(session, Candidate, "sample_sequence", chosen)


FILE_COLUMNS = ("file_id", "centre_no", "paper_id", "candidate_no")


def on_evidence_uploaded(session: Session, event: Envelope) -> None:
    if _of_a_candidate(event):
        count_file(session, _named(event.data, FILE_COLUMNS))


def on_evidence_deleted(session: Session, event: Envelope) -> None:
    if _of_a_candidate(event):
        discount_file(session, _named(event.data, FILE_COLUMNS))


def _of_a_candidate(event: Envelope) -> bool:
    """Group files belong to the paper: the report has no row for them."""
    return event.data["candidate_no"] is not None


HANDLERS: Handlers = {
    "paper.changed.v1": on_paper_changed,
    "entries.changed.v1": on_entries_changed,
    "marks.submitted.v1": on_marks_submitted,
    "clerical_error.recorded.v1": on_clerical_error_recorded,
    "sample.generated.v1": on_sample_changed,
    "sample.extended.v1": on_sample_changed,
    "evidence.uploaded.v1": on_evidence_uploaded,
    "evidence.deleted.v1": on_evidence_deleted,
}
