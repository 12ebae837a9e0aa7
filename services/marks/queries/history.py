"""What happened to a candidate's mark, and the corrections of a sheet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.domain.marking import Mark
from services.marks.models import Candidate, ClericalError, MarkChange, Submission
from services.marks.queries.reach import numbers_in_reach
from shared.access.rules import not_found
from shared.access.teaching_sets import Sets

NOT_MARKED = "\N{EN DASH}"


class MarkJson(TypedDict):
    """A candidate's mark, as the history has it."""

    tasks: list[int | None] | None
    code: str | None
    outcome: str | None
    total: int | None
    initials: str


ChangeJson = TypedDict(
    "ChangeJson",
    {"at": str, "by": str, "from": dict[str, Any], "to": dict[str, Any], "how": str, "why": str},
)


class HistoryJson(TypedDict):
    """Every change of one candidate's mark, the oldest first."""

    changes: list[ChangeJson]


class AmountJson(TypedDict):
    """A mark by task and in all; `tasks` is null where only the total is known."""

    tasks: list[int | None] | None
    total: int | None


class AcknowledgedJson(TypedDict):
    """Who of the centre said that the other marks are checked, and when."""

    by: str
    at: str


class ClericalErrorJson(TypedDict):
    """A correction as it was recorded; the centre's mark is the original."""

    id: str
    candidate_no: str
    original: AmountJson
    amended: AmountJson
    effective_total: int
    at: str
    by: str
    reason: str
    acknowledged: AcknowledgedJson | None


class ClericalErrorsJson(TypedDict):
    """The corrections of a sheet, the oldest first: the last one of a candidate stands."""

    clerical_errors: list[ClericalErrorJson]
    total: int


def history_of(session: Session, of: Mapping[str, str], *, submitted_only: bool) -> HistoryJson:
    """The history of a candidate, also of one withdrawn since; 404 where there never was one.

    `of` names centre, paper and candidate. A moderator sees those submitted only.
    """
    wanted = select(Candidate).filter_by(**of)
    if submitted_only:
        wanted = wanted.where(Candidate.submission.is_not(None))
    if session.scalars(wanted).first() is None:
        raise not_found()
    found = session.scalars(select(MarkChange).filter_by(**of).order_by(MarkChange.id))
    return {"changes": [_change_json(change) for change in found]}


def history_rows(history: HistoryJson) -> list[list[object]]:
    """The history as rows of a file, the names of the columns first."""
    rows: list[list[object]] = [["at", "by", "from", "to", "how", "why"]]
    for change in history["changes"]:
        values = (in_words(change["from"]), in_words(change["to"]))
        rows.append([change["at"], change["by"], *values, change["how"], change["why"]])
    return rows


def mark_json(mark: Mark) -> MarkJson:
    return {
        "tasks": None if mark.tasks is None else list(mark.tasks),
        "code": mark.code,
        "outcome": mark.outcome,
        "total": mark.total,
        "initials": mark.initials,
    }


def in_words(mark: Mapping[str, Any]) -> str:
    """A mark in one cell: `15 + 20 = 35 AB`."""
    tasks = " + ".join(NOT_MARKED if task is None else str(task) for task in mark["tasks"] or ())
    total = mark["total"]
    marked = f"{tasks} = {total}" if tasks and total is not None else tasks or total or ""
    value = mark["code"] or mark["outcome"] or str(marked)
    return f"{value} {mark['initials']}".strip()


def clerical_errors_of(
    session: Session, centre_no: str, paper_id: str, sets: Sets | None
) -> ClericalErrorsJson:
    """The corrections of the candidates of these teaching sets (None: of all)."""
    recorded = _recorded(session, {"centre_no": centre_no, "paper_id": paper_id})
    if sets is not None:
        there = numbers_in_reach(centre_no, paper_id, sets)
        recorded = recorded.where(ClericalError.candidate_no.in_(there))
    # Identifiers grow with time.
    found = session.scalars(recorded.order_by(ClericalError.id)).all()
    return {"clerical_errors": [clerical_error_json(error) for error in found], "total": len(found)}


def _recorded(session: Session, of_sheet: Mapping[str, str]) -> Select[ClericalError]:
    """The corrections of a sheet; those of a submission that was undone went with it."""
    recorded = select(ClericalError).filter_by(**of_sheet)
    undone = session.scalar(select(func.max(Submission.undone_at)).filter_by(**of_sheet))
    return recorded if undone is None else recorded.where(ClericalError.at > undone)


def clerical_error_json(error: ClericalError) -> ClericalErrorJson:
    return {
        "id": error.id,
        "candidate_no": error.candidate_no,
        "original": {"tasks": error.original["tasks"], "total": error.original["total"]},
        "amended": {"tasks": error.tasks, "total": error.total},
        "effective_total": error.total,
        "at": instant(error.at),
        "by": error.by,
        "reason": error.reason,
        "acknowledged": _acknowledged(error),
    }


def acknowledged_event(error: ClericalError) -> dict[str, object]:
    """The data of `clerical_error.acknowledged.v1`."""
    told = clerical_error_json(error)
    return {
        "centre_no": error.centre_no,
        "paper_id": error.paper_id,
        "candidate_no": error.candidate_no,
        "clerical_error_id": error.id,
        "original": told["original"],
        "amended": told["amended"],
        "recorded_at": told["at"],
        "acknowledged_by": error.acknowledged_by_id,
        "acknowledged_at": told["acknowledged"]["at"] if told["acknowledged"] else None,
    }


def _acknowledged(error: ClericalError) -> AcknowledgedJson | None:
    if error.acknowledged_at is None:
        return None
    return {"by": error.acknowledged_by or "", "at": instant(error.acknowledged_at)}


def instant(at: datetime) -> str:
    """An instant as JSON has it: RFC 3339, UTC."""
    return at.isoformat()


def _change_json(change: MarkChange) -> ChangeJson:
    return {
        "at": instant(change.at),
        "by": change.by,
        "from": change.before,
        "to": change.after,
        "how": change.how,
        "why": change.why,
    }
