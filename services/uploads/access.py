"""Who may see and change evidence: the centre's staff change, moderator and board look."""

from sqlalchemy.orm import Session

from services.uploads.models import Paper, Sheet
from shared.access.rules import Relation, SheetRules


def visible(session: Session, relation: Relation, centre_no: str, paper_id: str) -> bool:
    """A moderator sees a sheet once it is submitted; centre and board see every paper."""
    if relation == "appointee":
        sheet = session.get(Sheet, (centre_no, paper_id))
        return sheet is not None and sheet.submitted_at is not None
    return session.get(Paper, paper_id) is not None


_RULES = SheetRules(visible)
MAY_LOOK = _RULES.allow("centre", "appointee", "board")
MAY_CHANGE = _RULES.allow("centre")
