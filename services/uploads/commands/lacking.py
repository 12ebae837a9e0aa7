"""Telling who lacks evidence of a sheet, whenever that may have changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.uploads.models import Sheet
from services.uploads.queries import (
    IS_SAMPLED,
    LackingSheetJson,
    lacking_of_paper,
    lacking_of_sheet,
    nothing_lacks,
)
from shared.events.outbox import emit


def tell_lacking(session: Session, centre_no: str, paper_id: str) -> None:
    """Tell it as it is now; of several at once each sees what those before have changed.

    Before any other event of the sheet: who has locked it waits for nobody who draws a sequence.
    """
    session.get(Sheet, (centre_no, paper_id), with_for_update=True)
    _tell(session, lacking_of_sheet(session, centre_no, paper_id))


@contextmanager
def lacking_told(session: Session, centre_no: str, paper_id: str) -> Iterator[None]:
    """Tell it where what is done inside changes it, and only then."""
    session.get(Sheet, (centre_no, paper_id), with_for_update=True)
    before = lacking_of_sheet(session, centre_no, paper_id)
    yield
    now = lacking_of_sheet(session, centre_no, paper_id)
    if now != before:
        _tell(session, now)


def tell_lacking_of_paper(session: Session, paper_id: str) -> None:
    """The same of every sheet of a paper that has a sample."""
    sampled = select(Sheet.centre_no).where(Sheet.paper_id == paper_id, IS_SAMPLED)
    locked = sampled.order_by(Sheet.centre_no).with_for_update()
    centres = session.scalars(locked).all()
    lacks = {lack["centre_no"]: lack for lack in lacking_of_paper(session, paper_id)}
    for centre_no in centres:
        _tell(session, lacks.get(centre_no) or nothing_lacks(centre_no, paper_id))


def _tell(session: Session, lack: LackingSheetJson) -> None:
    emit(session, "evidence.lacking.v1", f"{lack['centre_no']}/{lack['paper_id']}", {**lack})
