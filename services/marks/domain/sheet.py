"""How far a centre is with a paper, and the order of its marksheet."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.marks.domain.marking import Mark
from services.marks.domain.paper import PaperRules

CODED: Final = -1
UNMARKED: Final = -2


class PaperState(StrEnum):
    """Where a paper of a centre stands; `reopened` means late entries are not yet submitted."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    COMPLETE = "complete"
    SUBMITTED = "submitted"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Progress:
    """Candidates of one centre and paper, counted: `done` are complete, `started` hold anything."""

    candidates: int
    started: int
    done: int
    submitted: int

    @property
    def left(self) -> int:
        return self.candidates - self.done

    @property
    def state(self) -> PaperState:
        if self.submitted:
            late = self.submitted < self.candidates
            return PaperState.REOPENED if late else PaperState.SUBMITTED
        if self.candidates and not self.left:
            return PaperState.COMPLETE
        return PaperState.UNDER_WAY if self.started else PaperState.NOT_STARTED

    @property
    def may_submit(self) -> bool:
        """Whether there is something to submit and nothing missing."""
        return self.submitted < self.candidates and not self.left


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
