"""The present state of sampling, as its events tell it."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from services.sampling.commands.samples import event_data, told_at
from services.sampling.models import Moderation, SampledCandidate, Sheet
from services.sampling.queries import told_candidate
from services.sampling.queries.moderation import decided_event, read_work, returned_event
from shared.events.republish import FETCHED, Present, Told


def samples(session: Session) -> Iterator[Told]:
    """Every sample with all of its candidates; one that is empty is told as well."""
    of_sheet = and_(
        SampledCandidate.centre_no == Sheet.centre_no, SampledCandidate.paper_id == Sheet.paper_id
    )
    wanted = select(Sheet, SampledCandidate).outerjoin(SampledCandidate, of_sheet)
    wanted = wanted.where(Sheet.state == "generated").order_by(
        Sheet.centre_no, Sheet.paper_id, SampledCandidate.candidate_no
    )
    rows = session.execute(wanted.execution_options(yield_per=FETCHED))
    for sheet, chosen in groupby(rows, lambda row: row.Sheet):
        candidates = [row.SampledCandidate for row in chosen if row.SampledCandidate]
        at = told_at(sheet, candidates)
        yield sheet.subject, event_data(sheet, at, [told_candidate(one) for one in candidates])


def decisions(session: Session) -> Iterator[Told]:
    """Every moderation that is approved."""
    approved = select(Moderation, Sheet).where(
        Moderation.state == "approved",
        Moderation.centre_no == Sheet.centre_no,
        Moderation.paper_id == Sheet.paper_id,
    )
    in_order = approved.order_by(Sheet.centre_no, Sheet.paper_id)
    for moderation, sheet in session.execute(in_order).all():
        yield sheet.subject, decided_event(read_work(session, sheet), moderation)


def returned(session: Session) -> Iterator[Told]:
    """Every moderation that was given back, and has not been approved since."""
    given_back = select(Moderation).where(
        Moderation.state != "approved", Moderation.decided_at.is_not(None)
    )
    in_order = given_back.order_by(Moderation.centre_no, Moderation.paper_id)
    for moderation in session.scalars(in_order):
        yield f"{moderation.centre_no}/{moderation.paper_id}", returned_event(moderation)


PRESENT: Present = {
    "sample.generated.v1": samples,
    "moderation.decided.v1": decisions,
    "moderation.returned.v1": returned,
}
