"""The moderators' reports by what the board says of them."""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, defer
from typing_extensions import TypedDict

from services.reports.domain.moderator_report import ApprovalState, Outcome, read_outcome
from services.reports.models import ModeratorReport, Paper
from services.reports.models.written import UNDECIDED
from services.reports.queries.moderator_reports import (
    ApprovalJson,
    approval_json,
    approval_of,
    held_back,
    undone,
)
from shared import clock
from shared.access.models import Allocation
from shared.access.principal import Principal

# No list shows them, and they are what is long in a report.
TEXTS = (ModeratorReport.tasks, ModeratorReport.accuracy, ModeratorReport.administration)


class ListedModeratorReport(TypedDict):
    """A report and what the board says of it; `released_at` is results day."""

    centre_no: str
    paper_id: str
    full_title: str
    outcome: Outcome
    version: int
    written_at: str
    written_by: str
    released_at: str | None
    approval: ApprovalJson


def _waiting() -> ColumnElement[bool]:
    """Not looked at, and still to be given back: what is released is past that."""
    unreleased = or_(Paper.results_day.is_(None), Paper.results_day > clock.now())
    return and_(UNDECIDED, ~undone(), unreleased)


def _approved() -> ColumnElement[bool]:
    of_this_version = ModeratorReport.decided_version == ModeratorReport.version
    return and_(ModeratorReport.decision == "approved", of_this_version)


_WHICH: Mapping[ApprovalState, Callable[[], ColumnElement[bool]]] = {
    "waiting": _waiting,
    "approved": _approved,
    "returned": held_back,
    "undone": undone,
}


def moderator_reports(
    session: Session, who: Principal, state: ApprovalState, page: int, rows: int
) -> tuple[list[ListedModeratorReport], int]:
    """One page of them, and how many there are: a moderator's own, or for the board all."""
    asked = _asked(who, state)
    total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    key = (ModeratorReport.centre_no, ModeratorReport.paper_id)
    in_order = asked.order_by(Paper.results_day, *key).limit(rows).offset((page - 1) * rows)
    told = session.execute(in_order.options(*map(defer, TEXTS)))
    return [_json(report, paper) for report, paper in told], total


def _asked(who: Principal, state: ApprovalState) -> Select[ModeratorReport, Paper]:
    asked = select(ModeratorReport, Paper).join(Paper, Paper.id == ModeratorReport.paper_id)
    if who.kind == "appointee":
        mine = and_(
            Allocation.centre_no == ModeratorReport.centre_no,
            Allocation.paper_id == ModeratorReport.paper_id,
            Allocation.user_id == who.user_id,
        )
        asked = asked.join(Allocation, mine)
    return asked.where(_WHICH[state]())


def _json(report: ModeratorReport, paper: Paper) -> ListedModeratorReport:
    return {
        "centre_no": report.centre_no,
        "paper_id": report.paper_id,
        "full_title": paper.full_title,
        "outcome": read_outcome(report.outcome),
        "version": report.version,
        "written_at": report.written_at.isoformat(),
        "written_by": report.written_by,
        "released_at": paper.results_day.isoformat() if paper.results_day else None,
        "approval": approval_json(approval_of(report)),
    }
