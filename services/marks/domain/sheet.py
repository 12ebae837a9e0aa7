"""How far a centre is with a paper, and the order of its marksheet."""

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from services.marks.domain.marking import Mark
from services.marks.domain.paper import PaperRules

CODED: Final = -1
UNMARKED: Final = -2


class SheetKey(NamedTuple):
    """Names one centre's sheet for one paper."""

    centre_no: str
    paper_id: str

    def __str__(self) -> str:
        """The subject of its events."""
        return f"{self.centre_no}/{self.paper_id}"


class PaperState(StrEnum):
    """Where a paper of a centre stands; `reopened` means late entries are not yet submitted."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    COMPLETE = "complete"
    SUBMITTED = "submitted"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Progress:
    """Candidates of one centre and paper, counted.

    `done` are complete, `started` hold anything, `corrected` have a clerical error that stands.
    The sheet `was_submitted` once, and unless the board has undone that, it `is_submitted` now:
    also where those who were submitted are withdrawn.
    """

    candidates: int
    started: int
    done: int
    submitted: int
    corrected: int = 0
    _: KW_ONLY
    was_submitted: bool = False
    is_submitted: bool = False

    @property
    def left(self) -> int:
        return self.candidates - self.done

    @property
    def state(self) -> PaperState:
        if self.is_submitted:
            late = self.submitted < self.candidates
            return PaperState.REOPENED if late else PaperState.SUBMITTED
        if self.candidates and not self.left:
            return PaperState.COMPLETE
        return PaperState.UNDER_WAY if self.started else PaperState.NOT_STARTED


def standing(rules: PaperRules, mark: Mark, total: int | None) -> int:
    """The place of a mark in `sort=mark`, higher is better; `total` is the effective one.

    Marks count as they are and outcomes from the lowest up; then come candidates with a code,
    then those not marked yet. One stored number sorts alike on every database.
    """
    if mark.code:
        return CODED
    if mark.outcome in rules.all_outcomes:
        return len(rules.all_outcomes) - 1 - rules.all_outcomes.index(mark.outcome)
    return UNMARKED if total is None else total
