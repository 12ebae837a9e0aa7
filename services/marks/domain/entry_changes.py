"""What a line of entries changes of what is known of its candidate."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.marks.domain.entries import Action, Entry
from shared.findings import InvalidValueError
from shared.i18n import gettext as _


class EntryChange(StrEnum):
    """What becomes of a candidate, as events and the answer of an import name it."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Details:
    """Who a candidate is."""

    uci: str
    surname: str
    forenames: str
    dob: date
    teaching_set: str


@dataclass(frozen=True, slots=True)
class Known:
    """A candidate that is there already, maybe withdrawn; `id` is its row."""

    id: int
    details: Details
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What to do for one line; `details` are those of the candidate afterwards."""

    change: EntryChange
    candidate_no: str
    details: Details
    known: Known | None


def step_for(entry: Entry, known: Known | None) -> Step:
    """What an entry asks for; InvalidValueError where it withdraws nobody.

    A candidate withdrawn and added again comes back with its mark. To withdraw needs no right
    details: those that are known stay.
    """
    given = details_of(entry)
    if entry.action is Action.WITHDRAW:
        if known is None:
            raise InvalidValueError(_("There is no such candidate to withdraw."))
        change = EntryChange.UNCHANGED if known.withdrawn else EntryChange.WITHDRAWN
        return Step(change, entry.candidate_no, known.details, known)
    if known is None or known.withdrawn:
        return Step(EntryChange.ADDED, entry.candidate_no, given, known)
    change = EntryChange.UNCHANGED if known.details == given else EntryChange.CHANGED
    return Step(change, entry.candidate_no, given, known)


def details_of(entry: Entry) -> Details:
    return Details(entry.uci, entry.surname, entry.forenames, entry.dob, entry.teaching_set)
