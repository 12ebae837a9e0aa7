"""What happened to a candidate's mark, and the corrections of a sheet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.models import Candidate, ClericalError, MarkChange
from shared.access.rules import not_found

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


def clerical_errors_of(session: Session, centre_no: str, paper_id: str) -> ClericalErrorsJson:
    recorded = select(ClericalError).filter_by(centre_no=centre_no, paper_id=paper_id)
    # Identifiers grow with time.
    found = session.scalars(recorded.order_by(ClericalError.id)).all()
    return {"clerical_errors": [clerical_error_json(error) for error in found], "total": len(found)}


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
    }


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
