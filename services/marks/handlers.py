"""Events that marks listens to: what sampling says of a sheet, for the marksheet."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.marks.models import Candidate, Sheet
from services.marks.queries.marksheet import sample_aspect
from services.marks.queries.submission import submissions_of
from shared.events.consumer import Handlers, is_newer
from shared.events.envelope import Envelope


def on_sample(session: Session, event: Envelope) -> None:
    """Tick the candidates of the sample; what the event does not name is not in it."""
    centre_no, paper_id = event.data["centre_no"], event.data["paper_id"]
    if not is_newer(session, sample_aspect(centre_no, paper_id), event.sequence):
        return
    sheet = session.get(Sheet, (centre_no, paper_id), with_for_update=True)
    if sheet is None:
        return
    ticks = _ticks(session, sheet, event.data["candidates"])
    concerned = select(Candidate).where(
        Candidate.centre_no == centre_no,
        Candidate.paper_id == paper_id,
        or_(Candidate.sample_chosen_by.is_not(None), Candidate.candidate_no.in_(ticks)),
    )
    _tick(sheet, session.scalars(concerned), ticks)


Tick = tuple[str | None, str, dict[str, Any] | None]
UNTICKED: Tick = (None, "", None)


def _ticks(
    session: Session, sheet: Sheet, lines: Iterable[Mapping[str, Any]]
) -> Mapping[str, Tick]:
    """By candidate; none where the submission the sample was made of has been undone meanwhile."""
    if not submissions_of(session, sheet.centre_no, sheet.paper_id):
        return {}
    return {line["candidate_no"]: _tick_of(line) for line in lines}


def _tick_of(line: Mapping[str, Any]) -> Tick:
    return line["chosen_by"], line.get("reason", ""), line.get("reasons")


def _tick(sheet: Sheet, candidates: Iterable[Candidate], ticks: Mapping[str, Tick]) -> None:
    """Only what differs counts as changed: a sample may be told again."""
    cursor = sheet.cursor + 1
    for candidate in candidates:
        ticked = ticks.get(candidate.candidate_no, UNTICKED)
        if ticked != _ticked(candidate):
            chosen_by, candidate.sample_reason, candidate.sample_reasons = ticked
            candidate.sample_chosen_by = chosen_by
            candidate.changed = sheet.cursor = cursor


def _ticked(candidate: Candidate) -> Tick:
    return candidate.sample_chosen_by, candidate.sample_reason, candidate.sample_reasons


def on_moderation_decided(session: Session, event: Envelope) -> None:
    """Keep what became of every mark; the marksheet shows it from results day.

    No row counts as changed: whoever asks for changes would see that something was decided.
    """
    after = {line["candidate_no"]: line["to"] for line in event.data["marks"]}
    _settle(session, event, event.data["outcome"], after)


def on_moderation_returned(session: Session, event: Envelope) -> None:
    """Nothing is decided any more, if it was."""
    _settle(session, event, None, {})


def _settle(
    session: Session, event: Envelope, outcome: str | None, after: Mapping[str, dict[str, Any]]
) -> None:
    key = {name: event.data[name] for name in ("centre_no", "paper_id")}
    aspect = f"moderation:{event.subject}"
    sheet = session.get(Sheet, tuple(key.values()), with_for_update=True)
    if sheet is None or not is_newer(session, aspect, event.sequence):
        return
    if not submissions_of(session, sheet.centre_no, sheet.paper_id):
        # Undone meanwhile: sampling told of it before it knew.
        outcome, after = None, {}
    sheet.moderation = outcome
    for candidate in session.scalars(select(Candidate).filter_by(**key)):
        candidate.moderated = after.get(candidate.candidate_no)


HANDLERS: Handlers = {
    "sample.generated.v1": on_sample,
    "sample.extended.v1": on_sample,
    "moderation.decided.v1": on_moderation_decided,
    "moderation.returned.v1": on_moderation_returned,
}
