"""Who may see and change samples."""

from sqlalchemy.orm import Session

from services.sampling.models import Sheet
from shared.access.rules import Relation, SheetRules


def _visible(session: Session, relation: Relation, centre_no: str, paper_id: str) -> bool:
    """A moderator sees a sheet once it is submitted; for the others it has state `none` before."""
    return relation != "appointee" or session.get(Sheet, (centre_no, paper_id)) is not None


SAMPLE = SheetRules(_visible)
READERS = SAMPLE.allow("centre", "appointee", "board")
CENTRE = SAMPLE.allow("centre")
MODERATION = SAMPLE.allow("appointee", "board")
