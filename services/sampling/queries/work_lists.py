"""The sheets a moderator works on, and those the board decides on, with what awaits them."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.sampling.models import (
    Moderation,
    ModeratorMarkRow,
    Paper,
    SampledCandidate,
    Sheet,
    State,
)
from services.sampling.queries.moderation import ModerationState, OutcomeName
from shared import clock
from shared.access.models import Allocation
from shared.access.principal import Principal


class ModeratedSheet(TypedDict):
    """A submitted sheet: its sample, how many of it the moderator has marked, and the outcome.

    `due` is the last day on which work that was asked for comes, null where nothing is awaited.
    """

    centre_no: str
    paper_id: str
    paper_title: str
    sample: State
    state: ModerationState
    sampled: int
    marked: int
    outcome: OutcomeName | None
    sample_deadline: str
    due: str | None
    results_day: str


def moderations(
    session: Session, who: Principal, state: ModerationState | None, page: int, rows: int
) -> tuple[list[ModeratedSheet], int]:
    """One page of them, and how many there are: a moderator's own, or for the board all."""
    asked = _asked(who, state)
    total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    in_order = asked.order_by(Paper.results_day, Sheet.centre_no, Sheet.paper_id)
    found = session.execute(in_order.limit(rows).offset((page - 1) * rows)).all()
    counted = _counts(session, [sheet for sheet, _paper, _kept in found])
    return [_json(sheet, paper, kept, counted) for sheet, paper, kept in found], total


def _asked(who: Principal, state: ModerationState | None) -> Select[Sheet, Paper, Moderation]:
    of_sheet = and_(Moderation.centre_no == Sheet.centre_no, Moderation.paper_id == Sheet.paper_id)
    asked = select(Sheet, Paper, Moderation).join(Paper, Paper.id == Sheet.paper_id)
    asked = asked.outerjoin(Moderation, of_sheet)
    if who.kind == "appointee":
        mine = and_(
            Allocation.centre_no == Sheet.centre_no,
            Allocation.paper_id == Sheet.paper_id,
            Allocation.user_id == who.user_id,
        )
        asked = asked.join(Allocation, mine)
    if state is not None:
        asked = asked.where(func.coalesce(Moderation.state, "open") == state)
    return asked


Counts = dict[tuple[str, str], tuple[int, int, Any]]


def _counts(session: Session, sheets: Sequence[Sheet]) -> Counts:
    """Of each sheet: who is in the sample, how many are marked, and the last day for work."""
    same = and_(
        ModeratorMarkRow.centre_no == SampledCandidate.centre_no,
        ModeratorMarkRow.paper_id == SampledCandidate.paper_id,
        ModeratorMarkRow.candidate_no == SampledCandidate.candidate_no,
    )
    is_marked = ModeratorMarkRow.total.is_not(None) | ModeratorMarkRow.outcome.is_not(None)
    key = (SampledCandidate.centre_no, SampledCandidate.paper_id)
    counts = select(
        *key,
        func.count(),
        func.sum(case((is_marked, 1), else_=0)),
        func.max(SampledCandidate.due),
    )
    counts = counts.outerjoin(ModeratorMarkRow, same).group_by(*key)
    wanted = counts.where(
        SampledCandidate.centre_no.in_({sheet.centre_no for sheet in sheets}),
        SampledCandidate.paper_id.in_({sheet.paper_id for sheet in sheets}),
    )
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in session.execute(wanted)}


def _json(sheet: Sheet, paper: Paper, kept: Moderation | None, counted: Counts) -> ModeratedSheet:
    sampled, marked, due = counted.get((sheet.centre_no, sheet.paper_id), (0, 0, None))
    return {
        "centre_no": sheet.centre_no,
        "paper_id": sheet.paper_id,
        "paper_title": paper.full_title or paper.id,
        "sample": cast("State", sheet.state),
        "state": cast("ModerationState", kept.state) if kept else "open",
        "sampled": sampled,
        "marked": marked,
        "outcome": cast("OutcomeName | None", kept.outcome) if kept else None,
        "sample_deadline": paper.sample_deadline.isoformat(),
        "due": due.isoformat() if due and due >= clock.today() else None,
        "results_day": paper.results_day.isoformat(),
    }
