"""Events that marks listens to: the sample of a sheet, for the ticks on the marksheet."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.marks.models import Candidate, Sheet
from services.marks.queries.marksheet import sample_aspect
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
    chosen = {line["candidate_no"]: line for line in event.data["candidates"]}
    concerned = select(Candidate).where(
        Candidate.centre_no == centre_no,
        Candidate.paper_id == paper_id,
        or_(Candidate.sample_chosen_by.is_not(None), Candidate.candidate_no.in_(chosen)),
    )
    sheet.cursor += 1
    for candidate in session.scalars(concerned):
        _tick(candidate, chosen.get(candidate.candidate_no, {}), sheet.cursor)


def _tick(candidate: Candidate, line: Mapping[str, Any], cursor: int) -> None:
    ticked = line.get("chosen_by"), line.get("reason", "")
    if ticked != (candidate.sample_chosen_by, candidate.sample_reason):
        candidate.sample_chosen_by, candidate.sample_reason = ticked
        candidate.changed = cursor


HANDLERS: Handlers = {"sample.generated.v1": on_sample, "sample.extended.v1": on_sample}
