"""Events in: each fills its own columns, whatever came before it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.reports.commands.moderator_reports import undo_report
from services.reports.commands.read_model import (
    LACKING_OF,
    OUTCOME_OF,
    PAPER_OF,
    SAMPLE_OF,
    count_file,
    discount_file,
    forget_corrections,
    forget_others,
    forget_outcome,
    forget_paper,
    forget_sample,
    keep_lacking,
    note_correction,
    note_heard,
)
from services.reports.commands.releases import announce_anew
from services.reports.models import OF_THE_GROUP, Candidate, Extension, Paper, Submission
from shared import clock
from shared.access.teaching_sets import keep_teaching_sets
from shared.events.consumer import Handler, Handlers, is_newer
from shared.events.envelope import Envelope
from shared.events.newest import keep_newest
from shared.events.schemas import EVENT_TYPES

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
    "upload",
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
    paper_id = event.data["paper_id"]
    if not is_newer(session, f"{PAPER_OF}{paper_id}", event.sequence):
        return
    if event.data.get("removed"):
        forget_paper(session, paper_id)
        return
    results_day = datetime.fromisoformat(event.data["results_day"])
    row = {
        "id": paper_id,
        "results_day": results_day,
        "marks_deadline": date.fromisoformat(event.data["marks_deadline"]),
        "evidence_until": date.fromisoformat(event.data["evidence_until"]),
        "sequence": event.sequence,
    }
    keep_newest(session, Paper, "sequence", [row | _named(event.data, PAPER_COLUMNS)])
    if results_day > clock.now():
        announce_anew(session, paper_id)


def on_entries_changed(session: Session, event: Envelope) -> None:
    same = _sheet(event) | {"entry_sequence": event.sequence}
    rows = [same | _entry(candidate) for candidate in event.data["candidates"]]
    keep_newest(session, Candidate, "entry_sequence", rows)
    keep_teaching_sets(session, event)


def _entry(candidate: Data) -> Data:
    return _named(candidate, ("candidate_no", "surname", "forenames")) | {
        "dob": date.fromisoformat(candidate["dob"]),
        "withdrawn": candidate["change"] == "withdrawn",
    }


def on_marks_submitted(session: Session, event: Envelope) -> None:
    sheet = _sheet(event)
    submitted_at = datetime.fromisoformat(event.data["submitted_at"])
    submission = sheet | {"submitted_at": submitted_at, "reopened": False}
    submission["sequence"] = event.sequence
    keep_newest(session, Submission, "sequence", [submission])
    same = sheet | {"mark_sequence": event.sequence}
    marks = [same | _named(candidate, MARK_COLUMNS) for candidate in event.data["candidates"]]
    keep_newest(session, Candidate, "mark_sequence", marks)


def on_submission_reopened(session: Session, event: Envelope) -> None:
    """The submission was a mistake: no mark, sample or moderator's report of it counts."""
    undone = _sheet(event) | {
        "submitted_at": datetime.fromisoformat(event.data["reopened_at"]),
        "reopened": True,
        "sequence": event.sequence,
    }
    keep_newest(session, Submission, "sequence", [undone])
    newest = select(Submission.sequence).filter_by(**_sheet(event))
    if session.scalar(newest) == event.sequence:
        # Otherwise sample and outcome may be those of the submission made since.
        forget_sample(session, _sheet(event))
    forget_corrections(session, _sheet(event), event.sequence)
    undo_report(session, (event.data["centre_no"], event.data["paper_id"]), event.sequence)


def on_marks_amended(session: Session, event: Envelope) -> None:
    """An amended mark is the centre's, and takes the place of a clerical error before it."""
    after = event.data["after"]
    same = _sheet(event) | {"candidate_no": event.data["candidate_no"]}
    mark = same | _named(after, ("tasks", "total", "code", "outcome", "initials"))
    mark |= {"effective_total": after["total"], "mark_sequence": event.sequence}
    keep_newest(session, Candidate, "mark_sequence", [mark])
    error = {"clerical_tasks": None, "clerical_total": after["total"] or 0}
    error["clerical_sequence"] = event.sequence
    keep_newest(session, Candidate, "clerical_sequence", [same | error])


def on_amendment(session: Session, event: Envelope) -> None:
    row = _sheet(event) | {
        "candidate_no": event.data["candidate_no"],
        "amendment": event.data.get("decision", "requested"),
        "amendment_sequence": event.sequence,
    }
    keep_newest(session, Candidate, "amendment_sequence", [row])


def on_extension(session: Session, event: Envelope) -> None:
    row = _sheet(event) | {
        "state": event.data.get("decision", "requested"),
        "marks_deadline": date.fromisoformat(event.data["after"]["marks_deadline"]),
        "sequence": event.sequence,
    }
    keep_newest(session, Extension, "sequence", [row])


def on_clerical_error_recorded(session: Session, event: Envelope) -> None:
    row = _sheet(event) | {
        "candidate_no": event.data["candidate_no"],
        "clerical_tasks": event.data["amended"]["tasks"],
        "clerical_total": event.data["effective_total"],
        "clerical_sequence": event.sequence,
    }
    keep_newest(session, Candidate, "clerical_sequence", [row])
    note_correction(session, _correction(event), acknowledged=False)


def on_clerical_error_acknowledged(session: Session, event: Envelope) -> None:
    note_correction(session, _correction(event), acknowledged=True)


def _correction(event: Envelope) -> Data:
    recorded_at = datetime.fromisoformat(event.data["recorded_at"])
    return _named(event.data, ("centre_no", "paper_id", "candidate_no")) | {
        "recorded_at": recorded_at
    }


def on_sample_changed(session: Session, event: Envelope) -> None:
    """The newest names everybody who is in the sample; whom an older one alone names is not."""
    is_newest = is_newer(session, f"{SAMPLE_OF}{event.subject}", event.sequence)
    same = _sheet(event) | {"sample_sequence": event.sequence}
    told = event.data["candidates"]
    named = [same | (_chosen(one) if is_newest else _not_chosen(one)) for one in told]
    keep_newest(session, Candidate, "sample_sequence", named)
    if is_newest:
        numbers = [one["candidate_no"] for one in told]
        forget_others(session, _sheet(event), numbers, event.sequence)


def _chosen(candidate: Data) -> Data:
    due = candidate.get("due")
    return _named(candidate, ("candidate_no", "chosen_by")) | {
        "due": date.fromisoformat(due) if due else None
    }


def _not_chosen(candidate: Data) -> Data:
    return {"candidate_no": candidate["candidate_no"], "chosen_by": None, "due": None}


def on_moderation_decided(session: Session, event: Envelope) -> None:
    """What becomes of the marks: kept now, shown from results day."""
    if not is_newer(session, f"{OUTCOME_OF}{event.subject}", event.sequence):
        return
    same = _sheet(event) | {"moderation_sequence": event.sequence}
    settled = [same | _settled(one) for one in event.data["marks"]]
    keep_newest(session, Candidate, "moderation_sequence", settled)
    # Of whoever is named no more the mark was amended to a code.
    forget_outcome(session, _sheet(event), but=[one["candidate_no"] for one in settled])


def _settled(told: Data) -> Data:
    after = told["to"]
    return {
        "candidate_no": told["candidate_no"],
        "moderated_total": after["total"],
        "moderated_outcome": after["outcome"],
    }


def on_moderation_returned(session: Session, event: Envelope) -> None:
    """Nothing is decided any more, if it was."""
    if is_newer(session, f"{OUTCOME_OF}{event.subject}", event.sequence):
        forget_outcome(session, _sheet(event))


FILE_COLUMNS = ("file_id", "centre_no", "paper_id")


def on_evidence_uploaded(session: Session, event: Envelope) -> None:
    count_file(session, _file(event))


def on_evidence_status_changed(session: Session, event: Envelope) -> None:
    """What was rejected is no evidence."""
    if event.data["status"] == "rejected":
        on_evidence_deleted(session, event)


def on_evidence_deleted(session: Session, event: Envelope) -> None:
    discount_file(session, _file(event))


def _file(event: Envelope) -> Data:
    data = event.data
    return _named(data, FILE_COLUMNS) | {"candidate_no": data["candidate_no"] or OF_THE_GROUP}


def on_evidence_lacking(session: Session, event: Envelope) -> None:
    if not is_newer(session, f"{LACKING_OF}{event.subject}", event.sequence):
        return
    missing = {one["candidate_no"]: one["missing"] for one in event.data["candidates"]}
    group: dict[str, list[str]] = {OF_THE_GROUP: []} if event.data["group"] else {}
    keep_lacking(session, _sheet(event), missing | group)


def _heard_and(handle: Handler) -> Handler:
    def heard(session: Session, event: Envelope) -> None:
        # First, while nothing else is locked of what its other events change as well.
        note_heard(session, event.subject)
        handle(session, event)

    return heard


_HANDLERS: Handlers = {
    "paper.changed.v1": on_paper_changed,
    "entries.changed.v1": on_entries_changed,
    "marks.submitted.v1": on_marks_submitted,
    "submission.reopened.v1": on_submission_reopened,
    "marks.amended.v1": on_marks_amended,
    "amendment.requested.v1": on_amendment,
    "amendment.decided.v1": on_amendment,
    "extension.requested.v1": on_extension,
    "extension.decided.v1": on_extension,
    "clerical_error.recorded.v1": on_clerical_error_recorded,
    "clerical_error.acknowledged.v1": on_clerical_error_acknowledged,
    "sample.generated.v1": on_sample_changed,
    "sample.extended.v1": on_sample_changed,
    "moderation.decided.v1": on_moderation_decided,
    "moderation.returned.v1": on_moderation_returned,
    "evidence.uploaded.v1": on_evidence_uploaded,
    "evidence.status_changed.v1": on_evidence_status_changed,
    "evidence.deleted.v1": on_evidence_deleted,
    "evidence.lacking.v1": on_evidence_lacking,
}
HANDLERS: Handlers = {
    key: _heard_and(handle) if EVENT_TYPES[key].source == "marks" else handle
    for key, handle in _HANDLERS.items()
}
