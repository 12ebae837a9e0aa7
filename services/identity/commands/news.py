"""Telling a centre and its moderators by mail what happened to a sheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.identity.commands import post, recipients
from services.identity.domain import letters, moderator_letters, reminder_letters
from services.identity.models import Centre, Paper, Submission
from shared import clock
from shared.events.consumer import NotYetError
from shared.events.models import Watermark
from shared.i18n import format_date
from shared.mail.letter import Letter

# What is told again later (`republish`) is no news.
NEWS = timedelta(days=3)


def submission_of(subject: str) -> str:
    """The aspect that submitting a sheet and undoing it replace."""
    return f"submitted:{subject}"


@dataclass(frozen=True)
class Sheet:
    """A centre's paper, with the names it has in a letter."""

    centre_no: str
    paper_id: str
    centre: str
    paper: str

    @property
    def key(self) -> str:
        return f"{self.centre_no}/{self.paper_id}"

    def page(self, **query: str) -> str:
        return post.sheet(self.centre_no, self.paper_id, **query)


def with_news(session: Session, centre_no: str, paper_id: str, at: datetime) -> Sheet | None:
    """The sheet something happened to at that time; None where there is nothing to tell.

    That is so of what is long past, and of centres without accounts here.
    """
    centre = session.get(Centre, centre_no)
    if centre is None or clock.now() - at >= NEWS:
        return None
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise NotYetError(f"{paper_id} has no name yet")
    return Sheet(centre_no, paper_id, f"{centre_no} {centre.name}", paper.full_title)


def _tell_centre(
    session: Session, sheet: Sheet, kind: str, key: str, letter: Callable[[], Letter]
) -> None:
    for user in recipients.whom_to_tell(session, sheet.centre_no, sheet.paper_id):
        post.write(session, user, kind, letter, key=f"{kind}:{sheet.key}:{key}")


def marks_received(
    session: Session, submission: Submission, candidates: Sequence[Mapping[str, Any]]
) -> None:
    """A receipt for whoever submitted, with the marks, while they are of the centre."""
    user = recipients.of_centre(session, submission.centre_no, submission.submitted_by)
    at = submission.submitted_at
    sheet = with_news(session, submission.centre_no, submission.paper_id, at) if user else None
    if user is None or sheet is None:
        return
    when = post.moment(at)
    marks = [(one["candidate_no"], _mark(one)) for one in candidates]

    def letter() -> Letter:
        page = sheet.page(show="samples")
        return letters.receipt(sheet.paper, sheet.centre, when, marks, page)

    key = f"receipt:{sheet.key}:{at.isoformat()}"
    post.write(session, user, "receipt", letter, key=key)


def _mark(candidate: Mapping[str, Any]) -> str:
    """A mark as the marksheet shows it: `35 (20 + 15)`, a code or an outcome."""
    tasks = candidate["tasks"] or ()
    parts = f" ({' + '.join(map(str, tasks))})" if len(tasks) > 1 else ""
    return str(candidate["code"] or candidate["outcome"] or f"{candidate['total']}{parts}")


def evidence_received(
    session: Session, sheet: Sheet, at: datetime, by: str, files: Sequence[Mapping[str, Any]]
) -> None:
    """A receipt for whoever uploaded the files, while they are of the centre."""
    user = recipients.of_centre(session, sheet.centre_no, by)
    if user is None:
        return

    def letter() -> Letter:
        page = post.evidence(sheet.centre_no, sheet.paper_id)
        return letters.evidence_receipt(sheet.paper, sheet.centre, _received(files), page)

    post.write(session, user, "evidence", letter, key=f"evidence:{sheet.key}:{at.isoformat()}")


def _received(files: Sequence[Mapping[str, Any]]) -> list[letters.Received]:
    return [
        letters.Received(
            candidate_no=file["candidate_no"],
            name=file["name"],
            size=file["size"],
            sha256=file["sha256"],
            when=post.moment(datetime.fromisoformat(file["uploaded_at"])),
        )
        for file in files
    ]


def clerical_error(session: Session, sheet: Sheet, at: datetime) -> None:
    """However many are found in a day, it is one letter: it asks to check all the others."""

    def letter() -> Letter:
        return letters.clerical_error(sheet.paper, sheet.centre, sheet.page())

    _tell_centre(session, sheet, "clerical-error", at.date().isoformat(), letter)


def further_sample(session: Session, sheet: Sheet, at: datetime, due: str | None) -> None:
    until = format_date(date.fromisoformat(due)) if due else ""

    def letter() -> Letter:
        page = sheet.page(show="samples")
        return letters.further_sample(sheet.paper, sheet.centre, until, page)

    _tell_centre(session, sheet, "further-sample", at.isoformat(), letter)


def report_published(session: Session, sheet: Sheet, at: datetime) -> None:
    """To the centre: once, and again where the report was written anew."""

    def letter() -> Letter:
        page = post.moderator_report(sheet.centre_no, sheet.paper_id)
        return letters.report_published(sheet.paper, sheet.centre, page)

    _tell_centre(session, sheet, "report-published", at.isoformat(), letter)


def reminder(session: Session, sheet: Sheet, due: Mapping[str, Any]) -> None:
    """Of what is missing; `due` is the data of the event."""

    def letter() -> Letter:
        day = format_date(date.fromisoformat(due["deadline"]))
        lacking = reminder_letters.Lacking(
            sheet.paper,
            sheet.centre,
            day,
            due["candidate_nos"],
            _whose_by_piece(due.get("missing", [])),
            due.get("group", False),
        )
        if due["kind"] == "marks":
            return reminder_letters.marks_due(lacking, sheet.page(show="unmarked"))
        return reminder_letters.evidence_due(lacking, sheet.page(show="samples"))

    key = f"{due['kind']}:{due['deadline']}:{due['days_left']}"
    _tell_centre(session, sheet, "reminder", key, letter)


def _whose_by_piece(missing: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The candidates who lack each piece, from the pieces that each lacks."""
    found: dict[str, list[str]] = {}
    for one in missing:
        for piece in one["pieces"]:
            found.setdefault(piece, []).append(one["candidate_no"])
    return found


def sample_ready(session: Session, sheet: Sheet) -> None:
    """To the moderators of the sheet: once for each submission that was not undone meanwhile.

    Also where the sample is heard of before the submission it was made of.
    """
    submission = session.get(Submission, (sheet.centre_no, sheet.paper_id))
    heard = session.get(Watermark, submission_of(sheet.key)) is not None
    if submission is None and heard:
        return
    key = submission.submitted_at.isoformat() if submission else ""

    def letter() -> Letter:
        return moderator_letters.sample_ready(sheet.paper, sheet.centre, sheet.page())

    _tell_moderators(session, sheet, "sample-ready", key, letter)


def corrections_checked(session: Session, sheet: Sheet, at: datetime) -> None:
    """To the moderators; what is acknowledged in one act is one letter."""

    def letter() -> Letter:
        return moderator_letters.corrections_checked(sheet.paper, sheet.centre, sheet.page())

    _tell_moderators(session, sheet, "corrections-checked", at.isoformat(), letter)


def moderation_returned(session: Session, sheet: Sheet, at: datetime) -> None:
    """To the moderators: the outcome they gave is theirs again."""

    def letter() -> Letter:
        page = post.moderation(sheet.centre_no, sheet.paper_id)
        return moderator_letters.moderation_returned(sheet.paper, sheet.centre, page)

    _tell_moderators(session, sheet, "moderation-returned", at.isoformat(), letter)


def report_returned(session: Session, sheet: Sheet, at: datetime, written_by: str) -> None:
    """To the moderator who wrote it: it waits for them again."""

    def letter() -> Letter:
        form = post.form_of_report(sheet.centre_no, sheet.paper_id)
        return moderator_letters.report_returned(sheet.paper, sheet.centre, form)

    key = f"report-returned:{sheet.key}:{at.isoformat()}"
    for user in recipients.writers(session, sheet.centre_no, sheet.paper_id, written_by):
        post.write(session, user, "report-returned", letter, key=key)


def _tell_moderators(
    session: Session, sheet: Sheet, kind: str, key: str, letter: Callable[[], Letter]
) -> None:
    for user in recipients.moderators(session, sheet.centre_no, sheet.paper_id):
        post.write(session, user, kind, letter, key=f"{kind}:{sheet.key}:{key}")
