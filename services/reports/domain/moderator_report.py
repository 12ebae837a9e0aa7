"""The moderator's report: what a centre is told about its marking, from results day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.reports.domain.report import Paper
from shared.errors import ConflictError, FieldError, UnprocessableError
from shared.i18n import gettext as _

MOST_FILES = 10
LARGEST_FILE = 20_000_000

Outcome = Literal["accepted", "adjusted"]
Decision = Literal["approved", "returned"]
ApprovalState = Literal["waiting", "approved", "returned", "undone"]
HELD: frozenset[ApprovalState] = frozenset({"returned", "undone"})


@dataclass(frozen=True)
class Sections:
    """The parts of the report: the tasks, the accuracy of the marking, the administration."""

    tasks: str
    accuracy: str
    administration: str


@dataclass(frozen=True)
class AttachedFile:
    """A file with the report; `size` is in bytes."""

    id: str
    name: str
    size: int
    sha256: str
    media_type: str
    added_at: datetime


@dataclass(frozen=True)
class Approval:
    """What the board says of the report as it stands; it waits until something is said.

    Of one whose submission was undone nothing can be said until it is written anew.
    """

    state: ApprovalState = "waiting"
    by: str | None = None
    at: datetime | None = None
    comment: str | None = None


@dataclass(frozen=True)
class ModeratorReport:
    """One report; `released_at` is None while the paper's results day is not known."""

    paper: Paper
    centre_no: str
    sections: Sections
    outcome: Outcome
    version: int
    written_at: datetime
    released_at: datetime | None
    files: tuple[AttachedFile, ...] = ()
    approval: Approval = Approval()

    def is_released(self, now: datetime) -> bool:
        """Whether the centre may see it: results day is there, and nothing holds it."""
        return self.approval.state not in HELD and is_released(self.released_at, now)

    def check_decision(self, decision: Decision, comment: str, now: datetime) -> None:
        """Raise what stands against it: whoever has to write anew is told why, and in time."""
        if self.approval.state == "undone":
            said = _("The submission was undone: the report has to be written anew first.")
            raise ConflictError(said, slug="undone")
        if decision == "returned" and not comment:
            said = _("Say why it is given back to the moderator.")
            raise UnprocessableError(said, errors=[FieldError("/comment", said)])
        if decision == "returned" and self.is_released(now):
            said = _("The centre has the report already: it cannot be given back.")
            raise ConflictError(said, slug="released")


def check_room(files: int) -> None:
    """Raise where a report that has so many files can have no more."""
    if files >= MOST_FILES:
        said = _("A report has at most %(most)s files.", most=MOST_FILES)
        raise UnprocessableError(said, errors=[FieldError("/file", said)])


def read_outcome(kept: str) -> Outcome:
    """An outcome as a table keeps it."""
    return "accepted" if kept == "accepted" else "adjusted"


def read_decision(kept: str | None) -> Decision:
    return "approved" if kept == "approved" else "returned"


def is_released(results_day: datetime | None, now: datetime) -> bool:
    """Whether results are out, from the moment of results day on."""
    return results_day is not None and now >= results_day
