"""Who may do what in marks: every rule of its routes."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.marks.models import Sheet, Submission
from services.marks.queries.reach import reaches
from shared.access.models import Allocation
from shared.access.relations import Relation
from shared.access.rules import (
    Asked,
    Rule,
    SheetRules,
    board_or,
    centre_rule,
    not_found,
    only_papers,
    only_some_sets,
)
from shared.access.teaching_sets import only_sets

_SHEET = select(Sheet.centre_no).where(
    Sheet.centre_no == bindparam("centre_no"), Sheet.paper_id == bindparam("paper_id")
)


def _visible(session: Session, relation: Relation, centre_no: str, paper_id: str) -> bool:
    """A sheet is there once it has had an entry, and for a moderator once it is submitted."""
    if relation == "appointee":
        submitted = select(Submission.id).filter_by(
            centre_no=centre_no, paper_id=paper_id, undone_at=None
        )
        return session.scalars(submitted.limit(1)).first() is not None
    return session.scalar(_SHEET, {"centre_no": centre_no, "paper_id": paper_id}) is not None


SHEETS = SheetRules(_visible, reaches)
MAY_READ_SHEET = SHEETS.allow("centre", "appointee", "board", scope="marks:read")
MAY_SEE_WHAT_IS_LEFT = SHEETS.allow("centre", "board")
MAY_MARK = SHEETS.allow("centre")
MAY_SUBMIT = SHEETS.allow("centre", whole=True)
MAY_CORRECT = SHEETS.allow("appointee")
MAY_DECIDE = SHEETS.allow("board")
MAY_SEE_WHO_IS_BEHIND = centre_rule(board=True, admin=True)
MAY_ASK_FOR_ENTRIES = centre_rule(board=False, admin=True)

_STAFF_OR_BOARD = centre_rule(board=True)


def _may_see_entry_requests(asked: Asked) -> None:
    """As for a list of the centre: the paper need not have had entries, but be one they reach."""
    only = only_papers(asked.principal, asked.params["centre_no"])
    if only is not None and asked.params["paper_id"] not in only:
        raise not_found()
    _STAFF_OR_BOARD.check(asked)
    if only_sets(asked.principal, asked.params["centre_no"]) is not None:
        raise only_some_sets()


MAY_SEE_ENTRY_REQUESTS = Rule(f"{_STAFF_OR_BOARD.name}, of this paper", _may_see_entry_requests)

_OF_CENTRE = centre_rule(board=True, scope="marks:read")


def _may_list(asked: Asked) -> None:
    if asked.principal.kind != "appointee":
        _OF_CENTRE.check(asked)
        return
    here = select(Allocation.paper_id).filter_by(
        user_id=asked.principal.user_id, centre_no=asked.params["centre_no"]
    )
    if asked.session.scalars(here.limit(1)).first() is None:
        raise not_found()


CENTRE_LISTS = Rule(
    f"{_OF_CENTRE.name}, moderators allocated there", _may_list, scope=_OF_CENTRE.scope
)
CATALOGUE = board_or("marks:read")
LOAD_ENTRIES = board_or("entries:write")
