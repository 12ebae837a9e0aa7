"""A moderation as answers show it: to moderator and board, and to the centre once released."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.sampling.domain.moderation import Compared, Outcome, Settled
from services.sampling.models import ChosenBy, Correction, Moderation, SampledCandidate, Sheet
from services.sampling.queries import files_of
from services.sampling.queries.moderation import (
    ModerationState,
    ModeratorMarkJson,
    OutcomeName,
    Work,
    assessed,
    is_released,
    mark_json,
    outcome_of,
    read_work,
)
from shared.access.principal import Kind
from shared.access.rules import not_found


class TaskJson(TypedDict):
    name: str
    max: int


class DoneJson(TypedDict):
    """Who did it, when, and what they wrote."""

    by: str
    at: str
    comment: str


class LineJson(TypedDict):
    """The adjustment in numbers for people; the marks are computed exactly."""

    slope: float
    intercept: float


class ComparedJson(TypedDict):
    """A sampled candidate. The centre's mark is `hidden` where the moderator marks blind.

    `difference` is the moderator's mark less the one that counts for the centre.
    """

    candidate_no: str
    stage: int
    chosen_by: ChosenBy
    due: str | None
    files: int
    hidden: bool
    code: str | None
    tasks: list[int | None] | None
    total: int | None
    outcome: str | None
    moderator: ModeratorMarkJson | None
    difference: int | None
    within: bool | None


class ModerationJson(TypedDict):
    """`advice` is what the rules make of the marks; `missing` are the marks still wanted.

    `choices` are the outcomes that it may have: where every mark of stage 1 is within the
    tolerance, the centre's marks stand.

    `unacknowledged` counts the clerical errors that the centre has not acknowledged yet.
    """

    state: ModerationState
    blind: bool
    released: bool
    stage: int
    tolerance: int
    maximum: int
    tasks: list[TaskJson] | None
    outcomes: list[str] | None
    candidates: list[ComparedJson]
    missing: list[str]
    unacknowledged: int
    advice: OutcomeName | None
    choices: list[OutcomeName]
    outcome: OutcomeName | None
    line: LineJson | None
    completed: DoneJson | None
    decided: DoneJson | None


class JudgedJson(TypedDict):
    total: int | None
    outcome: str | None


SettledJson = TypedDict("SettledJson", {"candidate_no": str, "from": JudgedJson, "to": JudgedJson})


class PreviewJson(TypedDict):
    """Every candidate's mark under an outcome; `changed` counts those it is another for.

    `choices` are the outcomes that there may be; `marked` counts the moderator's marks so far.
    """

    outcome: OutcomeName
    choices: list[OutcomeName]
    marked: int
    line: LineJson | None
    candidates: list[SettledJson]
    total: int
    changed: int


def moderation_json(
    session: Session, centre_no: str, paper_id: str, reader: Kind
) -> dict[str, Any]:
    """The moderation as a `ModerationJson`.

    A moderator may have chosen to mark blind; what moderator and board write to each other is not
    for the centre.
    """
    work = _work(session, centre_no, paper_id)
    kept, moderation = work.kept, work.moderation
    return {
        "state": kept.state if kept else "open",
        "blind": _is_blind(kept),
        "released": is_released(work.paper),
        "stage": moderation.stage,
        "tolerance": moderation.scale.tolerance,
        "maximum": moderation.scale.maximum,
        "tasks": work.paper.tasks,
        "outcomes": list(assessed(work.paper).outcomes) or None,
        "candidates": _candidates(session, work, blind=reader == "appointee" and _is_blind(kept)),
        "missing": moderation.missing,
        "unacknowledged": _unacknowledged(session, work.sheet),
        "advice": moderation.advice,
        "choices": work.allowed,
        "outcome": outcome_of(kept),
        "line": _line(work) if work.by_marks else None,
        "completed": _completed(kept, reader),
        "decided": _decided(kept, reader),
    }


def _unacknowledged(session: Session, sheet: Sheet) -> int:
    """Those of a submission before, which was undone, count no more."""
    waiting = select(func.count()).where(
        Correction.centre_no == sheet.centre_no,
        Correction.paper_id == sheet.paper_id,
        Correction.recorded_at >= sheet.submitted_at,
        Correction.acknowledged.is_(False),
    )
    return session.scalar(waiting) or 0


def preview_json(
    session: Session, centre_no: str, paper_id: str, asked: Outcome | None
) -> dict[str, Any]:
    """What the outcome would make of every mark, as a `PreviewJson`.

    Where none is asked for, one that changes marks. UnprocessableError where it is no choice.
    """
    work = _work(session, centre_no, paper_id)
    outcome = asked or work.choices[1]
    work.check_choice(outcome)
    settled = work.settled(outcome)
    return {
        "outcome": outcome,
        "choices": work.choices,
        "marked": len(work.moderators),
        "line": _line(work) if outcome is Outcome.ADJUSTED else None,
        "candidates": [_settled(one) for one in settled],
        "total": len(settled),
        "changed": sum(one.before != one.after for one in settled),
    }


def _work(session: Session, centre_no: str, paper_id: str) -> Work:
    sheet = session.get(Sheet, (centre_no, paper_id))
    if sheet is None:
        raise not_found()
    return read_work(session, sheet)


def _candidates(session: Session, work: Work, *, blind: bool) -> list[dict[str, Any]]:
    files = files_of(session, work.sheet)
    compared = {one.candidate_no: one for one in work.moderation.compared}
    return [
        _candidate(work, row, compared.get(row.candidate_no), blind=blind)
        | {"files": files.get(row.candidate_no, 0)}
        for row in work.sampled
    ]


def _candidate(
    work: Work, row: SampledCandidate, one: Compared | None, *, blind: bool
) -> dict[str, Any]:
    number = row.candidate_no
    mark = work.marks.get(number)
    hidden = blind and one is not None and not one.moderator.there
    shown: dict[str, Any] = {
        "candidate_no": number,
        "stage": 1 if number in work.moderation.first else 2,
        "chosen_by": row.chosen_by,
        "due": row.due.isoformat() if row.due else None,
        "hidden": hidden,
        **_of_centre(work, number, hidden=hidden),
        "moderator": mark_json(mark) if mark else None,
        "difference": one.difference if one else None,
        "within": one.within(work.moderation.scale.tolerance) if one else None,
    }
    return shown


def _of_centre(work: Work, number: str, *, hidden: bool) -> dict[str, Any]:
    row = work.cohort.get(number)
    if row is None or hidden:
        return {"code": None, "tasks": None, "total": None, "outcome": None}
    return {"code": row.code, "tasks": row.tasks, "total": row.mark, "outcome": row.outcome}


def _line(work: Work) -> LineJson:
    return {"slope": float(work.line.slope), "intercept": float(work.line.intercept)}


def _settled(one: Settled) -> SettledJson:
    return {
        "candidate_no": one.candidate_no,
        "from": {"total": one.before.total, "outcome": one.before.outcome},
        "to": {"total": one.after.total, "outcome": one.after.outcome},
    }


def _is_blind(kept: Moderation | None) -> bool:
    return kept is not None and kept.blind


def _completed(kept: Moderation | None, reader: Kind) -> DoneJson | None:
    if kept is None or kept.completed_at is None:
        return None
    return _done(kept.completed_by, kept.completed_at, kept.comment, reader)


def _decided(kept: Moderation | None, reader: Kind) -> DoneJson | None:
    if kept is None or kept.decided_at is None:
        return None
    return _done(kept.decided_by, kept.decided_at, kept.decision, reader)


def _done(by: str | None, at: datetime, comment: str, reader: Kind) -> DoneJson:
    said = "" if reader == "centre" else comment
    return {"by": by or "", "at": at.isoformat(), "comment": said}
