"""Saving marks: one candidate, or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NotRequired, cast

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.commands.sheet import HeldSheet, hold_sheet, snapshot
from services.marks.domain.json_values import read_object
from services.marks.domain.marking import Change, Mark, apply, complete
from services.marks.domain.paper import CANDIDATE_NO, PaperRules
from services.marks.domain.sheet import SheetKey, standing
from services.marks.models import Candidate
from services.marks.queries.marksheet import CandidateJson, candidate_json, mark_of
from shared.access.principal import Principal
from shared.errors import (
    ConflictError,
    FieldError,
    NotFoundError,
    ProblemError,
    UnprocessableError,
)
from shared.i18n import gettext as _
from shared.i18n import ngettext

How = Literal["typed", "pasted", "imported"]


class SavedJson(TypedDict):
    """A row that was saved; `initials` as they are kept, which is not always as they were sent."""

    candidate_no: str
    version: int
    total: int | None
    initials: str
    complete: bool


class FieldErrorJson(TypedDict):
    pointer: str
    detail: str


class RefusedJson(TypedDict):
    """A row that was not saved; `current` is there on a conflict."""

    candidate_no: str | None
    status: int
    detail: str
    errors: list[FieldErrorJson]
    current: NotRequired[CandidateJson]


class BatchJson(TypedDict):
    saved: list[SavedJson]
    refused: list[RefusedJson]


@dataclass(frozen=True)
class Batch:
    """Rows as sent, each like the body of a save with its `candidate_no`; `how` they were made.

    An `atomic` batch is saved whole or not at all.
    """

    rows: Sequence[object]
    how: How = "typed"
    atomic: bool = False


def save_mark(
    session: Session, who: Principal, key: SheetKey, candidate_no: str, body: object
) -> CandidateJson:
    """Change one candidate's mark; 404, 422, or 409 with the candidate as it is now."""
    with hold_sheet(session, who, key) as sheet:
        candidate = _find(sheet.candidates([candidate_no]), candidate_no)
        _save(sheet, candidate, Change.from_json(body), "typed")
    return candidate_json(candidate)


def save_marks(session: Session, who: Principal, key: SheetKey, batch: Batch) -> BatchJson:
    """Save the rows in their order; what is refused is told row by row.

    UnprocessableError when the batch is atomic and any row is refused.
    """
    with hold_sheet(session, who, key) as sheet:
        saved, refusals = _save_rows(sheet, batch)
        if batch.atomic:
            _refuse_all(refusals)
    refused = [_refused_json(batch.rows[index], refusal) for index, refusal in refusals]
    return {"saved": saved, "refused": refused}


def _save_rows(
    sheet: HeldSheet, batch: Batch
) -> tuple[list[SavedJson], list[tuple[int, ProblemError]]]:
    """What was saved, and what was refused by its place in the batch."""
    numbers = {_number_of(row) or "" for row in batch.rows}
    candidates = sheet.candidates({no for no in numbers if CANDIDATE_NO.fullmatch(no)})
    saved: list[SavedJson] = []
    refusals: list[tuple[int, ProblemError]] = []
    for index, row in enumerate(batch.rows):
        try:
            saved.append(_save_row(sheet, candidates, row, batch.how))
        except ProblemError as refusal:
            refusals.append((index, refusal))
    return saved, refusals


def _save_row(
    sheet: HeldSheet, candidates: Mapping[str, Candidate], row: object, how: How
) -> SavedJson:
    candidate_no = _number_of(read_object(row))
    if candidate_no is None:
        said = _("A row needs its candidate number.")
        raise UnprocessableError(said, [FieldError("/candidate_no", said)])
    candidate = _find(candidates, candidate_no)
    _save(sheet, candidate, Change.from_json(row), how)
    return {
        "candidate_no": candidate.candidate_no,
        "version": candidate.version,
        "total": candidate.total,
        "initials": candidate.initials,
        "complete": candidate.complete,
    }


def _save(sheet: HeldSheet, candidate: Candidate, change: Change, how: How) -> None:
    """Make the change, or refuse it with nothing changed.

    A value equal to what is there is no change, whatever version it was made from: a client that
    lost our answer sends it again.
    """
    current = mark_of(candidate)
    wanted = apply(sheet.rules, current, change)
    if candidate.submission is not None:
        raise submitted_error(candidate)
    if wanted == current:
        return
    sheet.require_open()
    if change.version not in {None, candidate.version}:
        raise stale_error(candidate)
    before = snapshot(candidate)
    put_mark(sheet.rules, candidate, wanted)
    sheet.changed(candidate, before, how=how)


def put_mark(rules: PaperRules, candidate: Candidate, mark: Mark) -> None:
    total = mark.total
    wanted = {
        "tasks": None if mark.tasks is None else list(mark.tasks),
        "code": mark.code,
        "outcome": mark.outcome,
        "initials": mark.initials,
        "total": total,
        "effective_total": total,
        "standing": standing(rules, mark, total),
        "started": mark.started,
        "complete": complete(rules, mark),
    }
    for name, value in wanted.items():
        # To set what is there already costs more than to look: a class is saved at once.
        if getattr(candidate, name) != value:
            setattr(candidate, name, value)


def _number_of(row: object) -> str | None:
    number = row.get("candidate_no") if isinstance(row, dict) else None
    return number if isinstance(number, str) else None


def _find(candidates: Mapping[str, Candidate], candidate_no: str) -> Candidate:
    if candidate_no not in candidates:
        said = _("There is no such candidate on this marksheet.")
        raise NotFoundError(said, errors=[FieldError("/candidate_no", said)])
    return candidates[candidate_no]


def submitted_error(candidate: Candidate) -> ConflictError:
    said = _("The mark is submitted. It can only be changed by an amendment request.")
    current = candidate_json(candidate)
    return ConflictError(said, slug="submitted", extra={"current": current})


def stale_error(candidate: Candidate) -> ConflictError:
    said = _("Somebody else has changed this mark meanwhile.")
    errors = [FieldError("/version", said)]
    current = candidate_json(candidate)
    return ConflictError(said, errors, slug="stale-version", extra={"current": current})


def _refused_json(row: object, refusal: ProblemError) -> RefusedJson:
    refused: RefusedJson = {
        "candidate_no": _number_of(row),
        "status": refusal.status,
        "detail": refusal.detail,
        "errors": [{"pointer": error.pointer, "detail": error.detail} for error in refusal.errors],
    }
    if "current" in refusal.extra:
        refused["current"] = cast("CandidateJson", refusal.extra["current"])
    return refused


def _refuse_all(refusals: Sequence[tuple[int, ProblemError]]) -> None:
    if not refusals:
        return
    errors = [
        FieldError(f"/candidates/{index}{error.pointer}", error.detail)
        for index, refusal in refusals
        for error in refusal.errors or [FieldError("/candidate_no", refusal.detail)]
    ]
    detail = ngettext(
        "Nothing is saved: %(num)s row is refused.",
        "Nothing is saved: %(num)s rows are refused.",
        len(refusals),
    )
    raise UnprocessableError(detail, errors)
