"""Who may do what with accounts and allocations: the rules of identity's routes."""

from sqlalchemy.orm import Session

from services.identity.models import Submission
from shared.access.relations import Relation
from shared.access.rules import (
    ANYONE,
    BOARD,
    MODERATORS,
    SIGNED_IN,
    SheetRules,
    centre_rule,
)

SEE_USERS = centre_rule(board=True, admin=True, iamis=False)
MANAGE_USERS = centre_rule(board=False, admin=True, iamis=False)


def _submitted(session: Session, _relation: Relation, centre_no: str, paper_id: str) -> bool:
    """A moderator's details show once the marks are submitted, to whomever may see them."""
    return session.get(Submission, (centre_no, paper_id)) is not None


SEE_MODERATOR = SheetRules(_submitted).allow("centre", "board")

__all__ = [
    "ANYONE",
    "BOARD",
    "MANAGE_USERS",
    "MODERATORS",
    "SEE_MODERATOR",
    "SEE_USERS",
    "SIGNED_IN",
]
