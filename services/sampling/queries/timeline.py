"""The whole story of a sample: what happened to it, when, by whom and why."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.sampling.models import Moderation, Note, Paper, SampledCandidate, Sheet
from services.sampling.queries import notes_of, sampled
from services.sampling.queries.moderation import is_released
from shared.access.principal import Kind
from shared.audit import AuditRow

What = Literal[
    "submitted", "generated", "grown", "added", "asked", "completed", "decided", "returned"
]
DONE = ("moderation.completed", "moderation.decided")
ASKED = ("moderator", "board")


class HappeningJson(TypedDict):
    """`candidates` are those it is about; `by` is null where the system did it."""

    at: str
    what: What
    by: str | None
    text: str
    candidates: list[str]
    due: str | None


class TimelineJson(TypedDict):
    """The oldest first."""

    happenings: list[HappeningJson]


def timeline(
    session: Session, centre_no: str, paper_id: str, reader: Kind, there: Collection[str] | None
) -> TimelineJson:
    """What the reader may know: of moderation a centre hears on results day.

    `there` are the candidates there are for the reader, None where it is all of them.
    """
    sheet = session.get(Sheet, (centre_no, paper_id))
    if sheet is None:
        return {"happenings": []}
    rows = [row for row in sampled(session, sheet) if there is None or row.candidate_no in there]
    found = [*_of_sample(session, sheet, rows), *_of_moderation(session, sheet, reader)]
    return {"happenings": sorted(found, key=lambda one: one["at"])}


def _of_sample(
    session: Session, sheet: Sheet, rows: Sequence[SampledCandidate]
) -> Iterator[HappeningJson]:
    yield _happening("submitted", sheet.submitted_at)
    if sheet.generated_at is None:
        return
    notes = {note.id: note for note in notes_of(session, sheet)}
    groups: dict[tuple[datetime, str | None], list[SampledCandidate]] = defaultdict(list)
    for row in rows:
        groups[row.at, row.note_id].append(row)
    first = [row.candidate_no for row in rows if _is_first(sheet, row)]
    yield _happening("generated", sheet.generated_at, candidates=first)
    for (at, note_id), added in groups.items():
        if not _is_first(sheet, added[0]):
            yield _addition(at, added, notes.get(note_id or ""))


def _is_first(sheet: Sheet, row: SampledCandidate) -> bool:
    """Whether the candidate came with the first sample, whose rows are written a moment before."""
    generated = sheet.generated_at
    return row.chosen_by == "system" and generated is not None and row.at <= generated


def _addition(at: datetime, rows: Sequence[SampledCandidate], note: Note | None) -> HappeningJson:
    numbers = [row.candidate_no for row in rows]
    if note is None:
        return _happening("grown", at, candidates=numbers)
    what: What = "asked" if rows[0].chosen_by in ASKED else "added"
    happening = _happening(what, at, note.by, note.text, numbers)
    due = rows[0].due
    happening["due"] = due.isoformat() if due else None
    return happening


def _of_moderation(session: Session, sheet: Sheet, reader: Kind) -> Iterator[HappeningJson]:
    kept = session.get(Moderation, (sheet.centre_no, sheet.paper_id))
    if kept is None:
        return
    of_centre = reader not in {"appointee", "board"}
    paper = session.get_one(Paper, sheet.paper_id)
    if of_centre and not (kept.state == "approved" and is_released(paper)):
        return
    done = select(AuditRow).where(
        AuditRow.subject == sheet.subject,
        AuditRow.at >= sheet.submitted_at,
        AuditRow.action.in_(DONE),
    )
    rows = session.scalars(done.order_by(AuditRow.at, AuditRow.id)).all()
    # What stands in the end is the centre's to know: the last outcome, and that it was approved.
    for row in rows[-len(DONE) :] if of_centre else rows:
        yield _happening(_what(row), row.at, row.by, "" if of_centre else row.why)


def _what(row: AuditRow) -> What:
    if row.action == "moderation.completed":
        return "completed"
    return "decided" if row.after["state"] == "approved" else "returned"


def _happening(
    what: What,
    at: datetime,
    by: str | None = None,
    text: str = "",
    candidates: Sequence[str] = (),
) -> HappeningJson:
    return {
        "at": at.isoformat(),
        "what": what,
        "by": by,
        "text": text,
        "candidates": list(candidates),
        "due": None,
    }
