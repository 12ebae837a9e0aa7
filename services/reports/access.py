"""Who may read and write reports."""

from sqlalchemy.orm import Session

from services.reports.queries.details import is_visible
from services.reports.queries.moderator_reports import is_released
from shared.access.relations import Relation
from shared.access.rules import MODERATORS_AND_BOARD, SheetRules, centre_rule


def _report_is_visible(session: Session, relation: Relation, centre_no: str, paper_id: str) -> bool:
    """Before its release the moderator's report does not exist for anyone of the centre.

    Nor does one that the board has given back.
    """
    seen = is_visible(session, relation, centre_no, paper_id)
    return seen and (relation != "centre" or is_released(session, centre_no, paper_id))


MAY_READ_REPORT = SheetRules(is_visible).allow("centre", "appointee", "board", scope="reports:read")
MAY_LIST_REPORTS = centre_rule(board=True, scope="reports:read")
MAY_READ_MODERATOR_REPORT = SheetRules(_report_is_visible).allow("centre", "appointee", "board")
MAY_WRITE_MODERATOR_REPORT = SheetRules(is_visible).allow("appointee")
MAY_DECIDE_ON_MODERATOR_REPORT = SheetRules(is_visible).allow("board")
MAY_LIST_MODERATOR_REPORTS = MODERATORS_AND_BOARD
