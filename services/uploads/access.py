"""Who may see and change evidence: the centre's staff change, moderator and board look."""

from sqlalchemy.orm import Session

from services.uploads.models import Sheet
from shared.access.relations import Relation
from shared.access.rules import SheetRules, centre_rule


def visible(session: Session, relation: Relation, centre_no: str, paper_id: str) -> bool:
    """A moderator sees a sheet once it is submitted.

    For centre and board a paper not heard of yet is one without a sample, and without files: so
    nobody learns which papers there are, and the event of a new one may take its time.
    """
    if relation != "appointee":
        return True
    sheet = session.get(Sheet, (centre_no, paper_id))
    return sheet is not None and sheet.submitted_at is not None


_RULES = SheetRules(visible)
MAY_LOOK = _RULES.allow("centre", "appointee", "board", scope="evidence:read")
MAY_CHANGE = _RULES.allow("centre")
MAY_LOOK_AT_ALL = _RULES.allow("centre", "appointee", "board", scope="evidence:read", whole=True)
MAY_CHANGE_ALL = _RULES.allow("centre", whole=True)
MAY_LIST = centre_rule(board=True, scope="evidence:read")
