"""Who may read reports."""

from services.reports.queries import is_visible
from shared.access.rules import SheetRules, centre_rule

MAY_READ_REPORT = SheetRules(is_visible).allow("centre", "appointee", "board")
MAY_LIST_REPORTS = centre_rule(board=True)
