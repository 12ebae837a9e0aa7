"""Events in: papers, submissions and samples, as far as evidence depends on them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists
from sqlalchemy.orm import Session

from services.uploads.commands.entered import keep_entered
from services.uploads.commands.lacking import lacking_told, tell_lacking_of_paper
from services.uploads.models import EvidenceFile, Paper, SampleCandidate, Sheet, Transfer
from shared.access.teaching_sets import keep_teaching_sets
from shared.events.consumer import Handlers, is_newer
from shared.events.envelope import Envelope
from shared.events.outbox import insert_into


def on_paper_changed(session: Session, event: Envelope) -> None:
    data = event.data
    if not is_newer(session, f"paper:{data['paper_id']}", event.sequence):
        return
    if data.get("removed"):
        _forget(session, data["paper_id"])
        return
    known = session.get(Paper, data["paper_id"])
    asked = (known.upload, known.evidence_pieces) if known else None
    session.merge(
        Paper(
            id=data["paper_id"],
            title=data["full_title"],
            upload=data["upload"],
            evidence_until=date.fromisoformat(data["evidence_until"]),
            evidence_pieces=data["evidence_pieces"],
            max_file_mib=data.get("max_file_mib"),
            series="{month} {year}".format(**data["series"]),
        )
    )
    if asked != (data["upload"], data["evidence_pieces"]):
        tell_lacking_of_paper(session, data["paper_id"])


def _forget(session: Session, paper_id: str) -> None:
    """Know the paper no more, unless something here is about it."""
    about = (Sheet, EvidenceFile, Transfer)
    used = [exists().where(table.paper_id == paper_id) for table in about]
    session.execute(delete(Paper).where(Paper.id == paper_id, *(~one for one in used)))


def on_entries_changed(session: Session, event: Envelope) -> None:
    keep_teaching_sets(session, event)
    keep_entered(session, event.data, event.sequence)


def on_marks_submitted(session: Session, event: Envelope) -> None:
    """Its sample may have been told of before."""
    if not is_newer(session, f"marks:{event.subject}", event.sequence):
        return
    with lacking_told(session, event.data["centre_no"], event.data["paper_id"]):
        _set(session, event.data, submitted_at=datetime.fromisoformat(event.data["submitted_at"]))


def on_submission_reopened(session: Session, event: Envelope) -> None:
    """No file is asked for any more; those that are there stay, whoever the next sample names."""
    if not is_newer(session, f"marks:{event.subject}", event.sequence):
        return
    of_sheet = {name: event.data[name] for name in ("centre_no", "paper_id")}
    with lacking_told(session, **of_sheet):
        session.execute(delete(SampleCandidate).filter_by(**of_sheet))
        _set(session, event.data, submitted_at=None, sampled_at=None)


def on_sample_changed(session: Session, event: Envelope) -> None:
    """Every event of a sample carries all of it, so the newest replaces what is known."""
    if not is_newer(session, f"sample:{event.subject}", event.sequence):
        return
    data = event.data
    sheet = {"centre_no": data["centre_no"], "paper_id": data["paper_id"]}
    with lacking_told(session, **sheet):
        _set(session, data, sampled_at=datetime.fromisoformat(data["at"]))
        session.execute(delete(SampleCandidate).filter_by(**sheet))
        session.add_all(_candidate(sheet, chosen) for chosen in data["candidates"])


def _candidate(sheet: dict[str, str], chosen: dict[str, Any]) -> SampleCandidate:
    due = chosen.get("due")
    return SampleCandidate(
        **sheet,
        candidate_no=chosen["candidate_no"],
        chosen_by=chosen["chosen_by"],
        due=date.fromisoformat(due) if due else None,
    )


def _set(session: Session, data: dict[str, Any], **values: datetime | None) -> None:
    insert = insert_into(session, Sheet).values(
        centre_no=data["centre_no"], paper_id=data["paper_id"], **values
    )
    session.execute(
        insert.on_conflict_do_update(index_elements=["centre_no", "paper_id"], set_=values)
    )


HANDLERS: Handlers = {
    "paper.changed.v1": on_paper_changed,
    "entries.changed.v1": on_entries_changed,
    "marks.submitted.v1": on_marks_submitted,
    "submission.reopened.v1": on_submission_reopened,
    "sample.generated.v1": on_sample_changed,
    "sample.extended.v1": on_sample_changed,
}
