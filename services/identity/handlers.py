"""What identity hears of papers and sheets: it keeps what access needs, and writes to people."""

from datetime import datetime

from sqlalchemy import delete, exists
from sqlalchemy.orm import Session

from services.identity.commands import news, request_news
from services.identity.domain.request_letters import Kind
from services.identity.models import AllocationRecord, Paper, Submission
from shared import clock
from shared.events.consumer import Handler, Handlers, is_newer
from shared.events.envelope import Envelope
from shared.events.outbox import insert_into

REQUESTERS = ("moderator", "board")


def on_paper_changed(session: Session, event: Envelope) -> None:
    if not is_newer(session, f"paper:{event.subject}", event.sequence):
        return
    data = event.data
    if data.get("removed"):
        allocated = exists().where(AllocationRecord.paper_id == Paper.id)
        session.execute(delete(Paper).where(Paper.id == data["paper_id"], ~allocated))
        return
    session.merge(
        Paper(
            id=data["paper_id"],
            code=data["code"],
            qualification=data["qualification"],
            full_title=data["full_title"],
            series=data["series"],
        )
    )


def on_marks_submitted(session: Session, event: Envelope) -> None:
    """The first submission is what counts for access; each has its receipt."""
    data = event.data
    submission = {
        "centre_no": data["centre_no"],
        "paper_id": data["paper_id"],
        "submitted_at": datetime.fromisoformat(data["submitted_at"]),
        "submitted_by": data["submitted_by"],
    }
    if is_newer(session, news.submission_of(event.subject), event.sequence):
        known = insert_into(session, Submission).values(submission)
        session.execute(known.on_conflict_do_nothing(index_elements=["centre_no", "paper_id"]))
    news.marks_received(session, Submission(**submission), data["candidates"])


def on_submission_reopened(session: Session, event: Envelope) -> None:
    """It was a mistake: the centre does not know its moderator yet."""
    if is_newer(session, news.submission_of(event.subject), event.sequence):
        of_sheet = {name: event.data[name] for name in ("centre_no", "paper_id")}
        session.execute(delete(Submission).filter_by(**of_sheet))


def _with_news(session: Session, event: Envelope, at: datetime) -> news.Sheet | None:
    return news.with_news(session, event.data["centre_no"], event.data["paper_id"], at)


def on_clerical_error_recorded(session: Session, event: Envelope) -> None:
    at = datetime.fromisoformat(event.data["recorded_at"])
    if sheet := _with_news(session, event, at):
        news.clerical_error(session, sheet, at)


def on_clerical_error_acknowledged(session: Session, event: Envelope) -> None:
    at = datetime.fromisoformat(event.data["acknowledged_at"])
    if sheet := _with_news(session, event, at):
        news.corrections_checked(session, sheet, at)


def on_sample_generated(session: Session, event: Envelope) -> None:
    if sheet := _with_news(session, event, datetime.fromisoformat(event.data["at"])):
        news.sample_ready(session, sheet)


def on_sample_extended(session: Session, event: Envelope) -> None:
    """What others than the centre asked for; the event carries the earlier ones too."""
    requests = {
        datetime.fromisoformat(candidate["at"]): candidate.get("due")
        for candidate in event.data["candidates"]
        if candidate["chosen_by"] in REQUESTERS
    }
    for at, due in sorted(requests.items()):
        if sheet := _with_news(session, event, at):
            news.further_sample(session, sheet, at, due)


def on_moderator_report_published(session: Session, event: Envelope) -> None:
    at = datetime.fromisoformat(event.data["released_at"])
    if sheet := _with_news(session, event, at):
        news.report_published(session, sheet, at)


def on_moderator_report_returned(session: Session, event: Envelope) -> None:
    """One that comes after a later one is no news."""
    if is_newer(session, f"report_returned:{event.subject}", event.sequence):
        at = datetime.fromisoformat(event.data["returned_at"])
        if sheet := _with_news(session, event, at):
            news.report_returned(session, sheet, at, event.data["written_by"])


def on_evidence_received(session: Session, event: Envelope) -> None:
    at = datetime.fromisoformat(event.data["at"])
    if sheet := _with_news(session, event, at):
        news.evidence_received(session, sheet, at, event.data["uploaded_by"], event.data["files"])


def on_reminder_due(session: Session, event: Envelope) -> None:
    """One that comes by night or on a later day is dropped: what is missing may be there by then.

    What still is, the next step tells, if there is one.
    """
    at, now = datetime.fromisoformat(event.data["at"]), clock.now()
    if clock.day_of(at) != clock.day_of(now) or not clock.is_daytime(now):
        return
    if sheet := _with_news(session, event, at):
        news.reminder(session, sheet, event.data)


def on_moderation_returned(session: Session, event: Envelope) -> None:
    at = datetime.fromisoformat(event.data["returned_at"])
    if sheet := _with_news(session, event, at):
        news.moderation_returned(session, sheet, at)


def on_requested(session: Session, event: Envelope) -> None:
    at = datetime.fromisoformat(event.data["requested_at"])
    if sheet := _with_news(session, event, at):
        request_news.requested(session, sheet, at)


def _on_decided(kind: Kind) -> Handler:
    def on_decided(session: Session, event: Envelope) -> None:
        data = event.data
        at = datetime.fromisoformat(data["decided_at"])
        if sheet := _with_news(session, event, at):
            request = (data["request_id"], data.get("requested_by", ""))
            until = data.get("after", {}).get("marks_deadline", "")
            outcome = (data["decision"] == "accepted", until)
            request_news.decided(session, sheet, kind, request, outcome)

    return on_decided


HANDLERS: Handlers = {
    "paper.changed.v1": on_paper_changed,
    "marks.submitted.v1": on_marks_submitted,
    "submission.reopened.v1": on_submission_reopened,
    "clerical_error.recorded.v1": on_clerical_error_recorded,
    "clerical_error.acknowledged.v1": on_clerical_error_acknowledged,
    "sample.generated.v1": on_sample_generated,
    "sample.extended.v1": on_sample_extended,
    "moderator_report.published.v1": on_moderator_report_published,
    "moderator_report.returned.v1": on_moderator_report_returned,
    "evidence.received.v1": on_evidence_received,
    "reminder.due.v1": on_reminder_due,
    "moderation.returned.v1": on_moderation_returned,
    "amendment.requested.v1": on_requested,
    "amendment.decided.v1": _on_decided("amendment"),
    "extension.requested.v1": on_requested,
    "extension.decided.v1": _on_decided("extension"),
    "entry.requested.v1": on_requested,
    "entry.decided.v1": _on_decided("entry"),
}
