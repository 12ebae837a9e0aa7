"""Who may see and change samples."""

from sqlalchemy.orm import Session

from services.sampling.models import Moderation, Paper, Sheet
from shared import clock
from shared.access.relations import Relation
from shared.access.rules import MODERATORS_AND_BOARD, SheetRules


def _visible(session: Session, relation: Relation, centre_no: str, paper_id: str) -> bool:
    """A moderator sees a sheet once it is submitted; for the others it has state `none` before."""
    return relation != "appointee" or session.get(Sheet, (centre_no, paper_id)) is not None


def _outcome_visible(session: Session, relation: Relation, centre_no: str, paper_id: str) -> bool:
    """Before its release there is no moderation for anyone of the centre."""
    if session.get(Sheet, (centre_no, paper_id)) is None:
        return False
    return relation != "centre" or _is_released(session, centre_no, paper_id)


def _is_released(session: Session, centre_no: str, paper_id: str) -> bool:
    moderation = session.get(Moderation, (centre_no, paper_id))
    approved = moderation is not None and moderation.state == "approved"
    return approved and clock.now() >= session.get_one(Paper, paper_id).results_day


SAMPLE = SheetRules(_visible)
READERS = SAMPLE.allow("centre", "appointee", "board", scope="samples:read")
CENTRE = SAMPLE.allow("centre")
MODERATION = SAMPLE.allow("appointee", "board")

MODERATIONS = MODERATORS_AND_BOARD
_MODERATED = SheetRules(_outcome_visible)
OUTCOME = _MODERATED.allow("centre", "appointee", "board", whole=True)
PREVIEW = _MODERATED.allow("appointee", "board")
MODERATOR = _MODERATED.allow("appointee")
BOARD_OF_SHEET = _MODERATED.allow("board")
