"""The sequence of EDI files over several imports: each once, and none after a later one."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.marks.domain.edi_names import EdiName, after
from services.marks.models import EdiSequence
from shared import clock
from shared.errors import ConflictError, FieldError
from shared.events.outbox import insert_into
from shared.i18n import gettext as _


@dataclass(frozen=True)
class SequenceOf:
    """The name of a file, and the series whose sequence it belongs to."""

    name: EdiName
    series: str

    @property
    def key(self) -> dict[str, str]:
        name = self.name
        return {
            "series": self.series,
            "body": name.body,
            "centre_no": name.centre_no,
            "type": name.type,
        }


def look_at(session: Session, place: SequenceOf) -> str:
    """What is odd about loading the file now, or nothing."""
    return _odd(place.name, session.get(EdiSequence, place.key))


def move_on(session: Session, place: SequenceOf, *, refuse: bool) -> str:
    """Note that the file is loaded; ConflictError (`refuse`) where it, or a later one, was before.

    Loaded all the same, it is the last one from now on: a sender may have begun to count anew. Its
    row is locked first, so that of two imports of one file the second is told.
    """
    new = insert_into(session, EdiSequence).values(**place.key, last=None, at=clock.now())
    session.execute(new.on_conflict_do_nothing())
    row = session.get_one(EdiSequence, place.key, with_for_update=True)
    odd = _odd(place.name, row)
    if refuse and after(row.last, place.name.sequence) is None:
        raise ConflictError(odd, errors=[FieldError("/file_name", odd)], slug="edi-sequence")
    row.last, row.at = place.name.sequence, clock.now()
    return odd


def _odd(name: EdiName, row: EdiSequence | None) -> str:
    last = row.last if row else None
    missing = after(last, name.sequence)
    if missing is None:
        return _(
            "%(name)s, or a file after it, was loaded before: the last one was X%(last)s.",
            name=name,
            last=f"{last:02}",
        )
    if not missing:
        return ""
    listed = ", ".join(f"X{number:02}" for number in missing)
    return _("Before %(name)s these were not loaded: %(missing)s.", name=name, missing=listed)
