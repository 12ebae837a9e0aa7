"""The moderator's work on a sample: marks saved as they are typed, and the way they are shown."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, cast

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.sampling.domain.moderator_mark import ModeratorMark, read_mark, read_version
from services.sampling.models import Moderation, ModeratorMarkRow, Paper, Sheet
from services.sampling.queries.moderation import (
    ModeratorMarkJson,
    Work,
    assessed,
    mark_json,
    read_work,
)
from shared import audit, clock
from shared.access.principal import Principal
from shared.errors import (
    ConflictError,
    FieldError,
    NotFoundError,
    ProblemError,
    UnprocessableError,
)
from shared.i18n import gettext as _

OPEN, COMPLETED, APPROVED = "open", "completed", "approved"


class SavedJson(TypedDict):
    """A row that was saved; `difference` is the moderator's mark less the centre's."""

    candidate_no: str
    version: int
    total: int | None
    difference: int | None
    within: bool | None


class FieldErrorJson(TypedDict):
    pointer: str
    detail: str


class RefusedJson(TypedDict):
    """A row that was not saved; `current` is there on a conflict."""

    candidate_no: str | None
    status: int
    detail: str
    errors: list[FieldErrorJson]
    current: NotRequired[ModeratorMarkJson]


class SavingJson(TypedDict):
    saved: list[SavedJson]
    refused: list[RefusedJson]


def hold(session: Session, centre_no: str, paper_id: str) -> tuple[Sheet, Moderation]:
    """The sheet, locked, and its moderation; ConflictError while there is no sample."""
    sheet = session.get(Sheet, (centre_no, paper_id), with_for_update=True)
    if sheet is None or sheet.state != "generated":
        raise ConflictError(_("There is no sample yet."), slug="no-sample")
    moderation = session.get(Moderation, (centre_no, paper_id), populate_existing=True)
    if moderation is None:
        first = list(read_work(session, sheet).moderation.first)
        moderation = Moderation(
            centre_no=centre_no, paper_id=paper_id, state=OPEN, first=first, blind=False
        )
        session.add(moderation)
        session.flush()
    return sheet, moderation


def require_open(moderation: Moderation) -> None:
    if moderation.state != OPEN:
        said = _("The moderation is completed: nothing of it can be changed now.")
        raise ConflictError(said, slug="completed")


def set_blind(session: Session, centre_no: str, paper_id: str, *, blind: bool) -> None:
    """Hide the centre's mark of each candidate until the moderator's own is saved, or show it."""
    _sheet, moderation = hold(session, centre_no, paper_id)
    moderation.blind = blind


def save_marks(
    session: Session, who: Principal, key: tuple[str, str], rows: Sequence[object]
) -> SavingJson:
    """Save the rows in their order; what is refused is told row by row."""
    sheet, moderation = hold(session, *key)
    require_open(moderation)
    work = read_work(session, sheet)
    # Another one where everybody of the stage 1 that it began with was withdrawn.
    moderation.first = list(work.moderation.first)
    saver = _Saver(session, who, sheet, work)
    refused: list[RefusedJson] = []
    numbers: list[str] = []
    for row in rows:
        try:
            numbers.append(saver.save(row))
        except ProblemError as refusal:
            refused.append(_refused(row, refusal))
    session.flush()
    return {"saved": _saved(session, sheet, numbers), "refused": refused}


class _Saver:
    """Saves the rows of one request."""

    def __init__(self, session: Session, who: Principal, sheet: Sheet, work: Work) -> None:
        self._session, self._who, self._sheet = session, who, sheet
        self._sampled = {row.candidate_no for row in work.sampled}
        self._assessed = assessed(session.get_one(Paper, sheet.paper_id))
        of_sheet = select(ModeratorMarkRow).filter_by(
            centre_no=sheet.centre_no, paper_id=sheet.paper_id
        )
        self._rows = {one.candidate_no: one for one in session.scalars(of_sheet)}

    def save(self, row: object) -> str:
        """Save one; the candidate's number. A value equal to what is there is no change."""
        given = row if isinstance(row, dict) else {}
        number = self._number(given)
        stored = self._rows.get(number)
        version = read_version(given)
        wanted = read_mark(self._assessed, given, stored.comment if stored else "")
        if stored is None:
            if wanted == ModeratorMark():
                return number
            stored = self._new(number)
        elif wanted == _mark_of(stored):
            return number
        if version not in {None, stored.version}:
            raise _stale(stored)
        self._put(stored, wanted)
        return number

    def _number(self, given: Mapping[str, Any]) -> str:
        number = given.get("candidate_no")
        if not isinstance(number, str) or number not in self._sampled:
            said = _("There is no such candidate in the sample.")
            raise NotFoundError(said, errors=[FieldError("/candidate_no", said)])
        return number

    def _new(self, number: str) -> ModeratorMarkRow:
        made = ModeratorMarkRow(
            centre_no=self._sheet.centre_no,
            paper_id=self._sheet.paper_id,
            candidate_no=number,
            comment="",
            version=0,
        )
        self._rows[number] = made
        self._session.add(made)
        return made

    def _put(self, row: ModeratorMarkRow, wanted: ModeratorMark) -> None:
        before = _snapshot(row)
        row.tasks = None if wanted.tasks is None else list(wanted.tasks)
        row.total, row.outcome, row.comment = wanted.total, wanted.outcome, wanted.comment
        row.version += 1
        row.by_id, row.by, row.at = self._who.user_id, self._who.name, clock.now()
        change = audit.Change(before, _snapshot(row))
        subject = f"{self._sheet.subject}/{row.candidate_no}"
        audit.record(self._session, self._who, "moderator_mark.saved", subject, change)


def _mark_of(row: ModeratorMarkRow) -> ModeratorMark:
    tasks = None if row.tasks is None else tuple(row.tasks)
    return ModeratorMark(tasks, row.total, row.outcome, row.comment)


def _snapshot(row: ModeratorMarkRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("tasks", "total", "outcome", "comment")}


def _stale(row: ModeratorMarkRow) -> ConflictError:
    said = _("Somebody else has changed this mark meanwhile.")
    errors = [FieldError("/version", said)]
    return ConflictError(said, errors, slug="stale-version", extra={"current": mark_json(row)})


def _saved(session: Session, sheet: Sheet, numbers: Sequence[str]) -> list[SavedJson]:
    work = read_work(session, sheet)
    compared = {one.candidate_no: one for one in work.moderation.compared}
    tolerance = work.moderation.scale.tolerance
    saved: list[SavedJson] = []
    for number in numbers:
        row, one = work.marks.get(number), compared.get(number)
        saved.append(
            {
                "candidate_no": number,
                "version": row.version if row else 0,
                "total": row.total if row else None,
                "difference": one.difference if one else None,
                "within": one.within(tolerance) if one else None,
            }
        )
    return saved


def _refused(row: object, refusal: ProblemError) -> RefusedJson:
    number = row.get("candidate_no") if isinstance(row, dict) else None
    refused: RefusedJson = {
        "candidate_no": number if isinstance(number, str) else None,
        "status": refusal.status,
        "detail": refusal.detail,
        "errors": [{"pointer": one.pointer, "detail": one.detail} for one in refusal.errors],
    }
    if "current" in refusal.extra:
        refused["current"] = cast("ModeratorMarkJson", refusal.extra["current"])
    return refused


def unprocessable(pointer: str, said: str) -> UnprocessableError:
    return UnprocessableError(said, errors=[FieldError(pointer, said)])
