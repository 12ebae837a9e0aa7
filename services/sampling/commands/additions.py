"""Candidates that people put into a sample: the centre, the moderator or the board."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from services.sampling.commands.moderating import OPEN
from services.sampling.commands.samples import put_in
from services.sampling.domain import ReasonCode, refusals
from services.sampling.models import Moderation, Note, SampledCandidate, Sheet
from services.sampling.queries import sampled, submitted
from shared import clock
from shared.access.principal import Kind, Principal
from shared.access.teaching_sets import candidates_of
from shared.errors import ConflictError, FieldError, UnprocessableError
from shared.i18n import gettext as _
from shared.ids import new_id

CHOSEN_BY: dict[Kind, ReasonCode] = {
    "centre": ReasonCode.CENTRE,
    "appointee": ReasonCode.MODERATOR,
    "board": ReasonCode.BOARD,
}


@dataclass(frozen=True)
class Addition:
    """Whom to add and the note that explains it; `due` where the centre has to send by a day."""

    candidate_nos: Sequence[str]
    note: str
    due: date | None = None


def add_to_sample(
    session: Session, who: Principal, centre_no: str, paper_id: str, addition: Addition
) -> None:
    """Put candidates into a generated sample: all of them, or with a refusal none.

    ConflictError while there is no sample, and once its moderation is completed.
    """
    _check_due(addition)
    sheet = session.get(Sheet, (centre_no, paper_id), with_for_update=True)
    if sheet is None or sheet.state != "generated":
        raise ConflictError(_("There is no sample yet."), slug="no-sample")
    _require_open(session, sheet)
    _check_candidates(session, who, sheet, addition)
    note = _note(sheet, who, addition)
    session.add(note)
    session.flush()
    rows = [_added(sheet, who, note, number, addition.due) for number in addition.candidate_nos]
    put_in(session, sheet, rows, who, addition.note)


def _check_due(addition: Addition) -> None:
    if addition.due is not None and addition.due < clock.today():
        detail = _("The due date is past.")
        raise UnprocessableError(detail, errors=[FieldError("/due", detail)])


def _require_open(session: Session, sheet: Sheet) -> None:
    """Nobody could mark whoever came after the moderator has completed."""
    moderation = session.get(Moderation, (sheet.centre_no, sheet.paper_id), populate_existing=True)
    if moderation is not None and moderation.state != OPEN:
        # The centre is not to learn of the moderation before results day.
        said = _("Nobody can be added to this sample any more. Ask the awarding body.")
        raise ConflictError(said, slug="sample-closed")


def _check_candidates(session: Session, who: Principal, sheet: Sheet, addition: Addition) -> None:
    there = candidates_of(session, who, sheet.centre_no, sheet.paper_id)
    codes = {
        one.candidate_no: one.code
        for one in submitted(session, sheet)
        if there is None or one.candidate_no in there
    }
    inside = {row.candidate_no for row in sampled(session, sheet)}
    found = refusals(addition.candidate_nos, codes, inside)
    if found:
        raise UnprocessableError(" ".join(one.detail for one in found), errors=found)


def _note(sheet: Sheet, who: Principal, addition: Addition) -> Note:
    return Note(
        id=new_id(),
        centre_no=sheet.centre_no,
        paper_id=sheet.paper_id,
        by_id=who.user_id,
        by=who.name,
        at=clock.now(),
        text=addition.note,
    )


def _added(
    sheet: Sheet, who: Principal, note: Note, candidate_no: str, due: date | None
) -> SampledCandidate:
    chosen_by = CHOSEN_BY[who.kind]
    return SampledCandidate(
        centre_no=sheet.centre_no,
        paper_id=sheet.paper_id,
        candidate_no=candidate_no,
        chosen_by=chosen_by.value,
        reason_code=chosen_by.value,
        reason_values={},
        at=note.at,
        due=due,
        note_id=note.id,
    )
