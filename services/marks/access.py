"""Who may do what in marks: every rule of its routes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.marks.models import Sheet, Submission
from shared.access.models import Allocation
from shared.access.rules import (
    Asked,
    Relation,
    Rule,
    SheetRules,
    centre_rule,
    not_found,
    not_permitted,
)


def _visible(session: Session, relation: Relation, centre_no: str, paper_id: str) -> bool:
    """A sheet is there once it has had an entry, and for a moderator once it is submitted."""
    if relation == "appointee":
        submitted = select(Submission.id).filter_by(centre_no=centre_no, paper_id=paper_id)
        return session.scalars(submitted.limit(1)).first() is not None
    return session.get(Sheet, (centre_no, paper_id)) is not None


SHEETS = SheetRules(_visible)
MAY_READ_SHEET = SHEETS.allow("centre", "appointee", "board")
MAY_SEE_WHAT_IS_LEFT = SHEETS.allow("centre", "board")
MAY_MARK = SHEETS.allow("centre")
MAY_CORRECT = SHEETS.allow("appointee")

_OF_CENTRE = centre_rule(board=True)


def _may_list(asked: Asked) -> None:
    if asked.principal.kind != "appointee":
        _OF_CENTRE.check(asked)
        return
    here = select(Allocation.paper_id).filter_by(
        user_id=asked.principal.user_id, centre_no=asked.params["centre_no"]
    )
    if asked.session.scalars(here.limit(1)).first() is None:
        raise not_found()


CENTRE_LISTS = Rule(f"{_OF_CENTRE.name}, moderators allocated there", _may_list)


def _appointee_only(asked: Asked) -> None:
    if asked.principal.kind != "appointee":
        raise not_permitted()


MODERATORS = Rule("moderators", _appointee_only)
