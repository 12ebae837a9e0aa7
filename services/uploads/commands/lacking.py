"""Telling who lacks evidence of a sheet, whenever that may have changed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.uploads.models import Sheet
from services.uploads.queries import lacking_of_sheet
from shared.events.outbox import emit


def tell_lacking(session: Session, centre_no: str, paper_id: str) -> None:
    """Tell it as it is now; of several at once each sees what those before have changed."""
    session.get(Sheet, (centre_no, paper_id), with_for_update=True)
    lack = lacking_of_sheet(session, centre_no, paper_id)
    emit(session, "evidence.lacking.v1", f"{centre_no}/{paper_id}", {**lack})


def tell_lacking_of_paper(session: Session, paper_id: str) -> None:
    """The same of every sheet of a paper that has a sample."""
    sampled = select(Sheet.centre_no).where(
        Sheet.paper_id == paper_id, Sheet.sampled_at.is_not(None)
    )
    for centre_no in session.scalars(sampled.order_by(Sheet.centre_no)).all():
        tell_lacking(session, centre_no, paper_id)
