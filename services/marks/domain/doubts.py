"""What looks wrong on a sheet that could be submitted: pointed out, and never in the way.

Marks may well be as they are; a teacher who sees the list knows.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

from services.marks.domain.marking import ABSENT, Mark
from services.marks.domain.paper import PaperRules
from shared.i18n import gettext as _

# Few equal marks are no wonder, and among few there is nothing to be far from.
FEWEST_EQUAL = 5
FEWEST_TOTALS = 10
# A total is far when it is farther from the middle than the quartiles are from each other, this
# many times, and at least a quarter of the maximum.
FENCE = 3
FAR_PART = 4


@dataclass(frozen=True)
class Doubt:
    """What to look at, in the user's words; without a candidate it is about the whole sheet."""

    what: str
    candidate_no: str = ""
    name: str = ""


Line = tuple[str, str, Mark]


def doubts(rules: PaperRules, candidates: Iterable[Line]) -> list[Doubt]:
    """All that looks wrong of (candidate number, name, mark), what is of the whole sheet first."""
    lines = list(candidates)
    totals = [total for _no, _name, mark in lines if (total := _total(mark)) is not None]
    found = [Doubt(what) for what in _of_the_sheet(lines, totals)]
    lowest, highest = _fence(totals, rules.maximum or 0)
    for candidate_no, name, mark in lines:
        total = _total(mark)
        whats = list(_zeros(rules, mark))
        if total and not lowest <= total <= highest:
            whats.append(_("The total of %(total)s is far from the others.", total=total))
        found += [Doubt(what, candidate_no, name) for what in whats]
    return found


def _total(mark: Mark) -> int | None:
    return None if mark.code else mark.total


def _of_the_sheet(lines: Sequence[Line], totals: Sequence[int]) -> Iterator[str]:
    outcomes = [mark.outcome for _no, _name, mark in lines if mark.outcome and not mark.code]
    absent = sum(mark.code == ABSENT for _no, _name, mark in lines)
    if len(totals) >= FEWEST_EQUAL and len(set(totals)) == 1:
        yield _("Every candidate has the same mark, %(total)s.", total=totals[0])
    if len(outcomes) >= FEWEST_EQUAL and len(set(outcomes)) == 1:
        yield _("Every candidate has the same outcome, %(outcome)s.", outcome=outcomes[0])
    if absent >= FEWEST_EQUAL and absent * 2 > len(lines):
        yield _(
            "%(absent)s of %(candidates)s candidates are absent.",
            absent=absent,
            candidates=len(lines),
        )


def _fence(totals: Sequence[int], maximum: int) -> tuple[float, float]:
    """Below and above which a total is far from the others; of few none is."""
    if len(totals) < FEWEST_TOTALS:
        return -math.inf, math.inf
    low, middle, high = quantiles(totals, n=4)
    away = max(FENCE * (high - low), maximum / FAR_PART)
    return middle - away, middle + away


def _zeros(rules: PaperRules, mark: Mark) -> Iterator[str]:
    """Zero is a mark; but absent, or a task forgotten, may be meant."""
    if mark.code or not mark.tasks or None in mark.tasks:
        return
    if not any(mark.tasks):
        yield _("Every task has 0. If there is no work at all, the candidate is absent (A).")
        return
    for task, given in zip(rules.named_tasks, mark.tasks, strict=True):
        if given == 0:
            yield _("%(task)s has 0, but there are marks for the rest.", task=task.name)
