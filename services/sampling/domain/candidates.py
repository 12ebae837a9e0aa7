"""Who may be sampled, and in what order they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import FieldError, UnprocessableError
from shared.i18n import gettext as _

NOT_CLASSIFIED = "Not classified"


@dataclass(frozen=True)
class Candidate:
    """One candidate as submitted; `mark` is the effective total, `code` A or CF.

    A withdrawn candidate is left out of the list altogether.
    """

    candidate_no: str
    mark: int | None = None
    code: str | None = None
    outcome: str | None = None
    initials: str = ""


class WhyNot(StrEnum):
    """Why a candidate cannot be chosen, as answers name it."""

    ABSENT = "absent"
    CARRIED_FORWARD = "carried_forward"
    NOT_CLASSIFIED = "not_classified"
    ZERO = "zero"
    UNMARKED = "unmarked"
    WITHDRAWN = "withdrawn"

    def describe(self) -> str:
        """A short phrase in the language of the request."""
        return {
            WhyNot.ABSENT: _("absent"),
            WhyNot.CARRIED_FORWARD: _("mark carried forward"),
            WhyNot.NOT_CLASSIFIED: _("not classified"),
            WhyNot.ZERO: _("mark of zero"),
            WhyNot.UNMARKED: _("no mark"),
            WhyNot.WITHDRAWN: _("withdrawn"),
        }[self]


def why_not(
    candidate: Candidate, *, include_zero: bool, outcomes: Sequence[str], not_classified: str
) -> WhyNot | None:
    """Why somebody who is not withdrawn cannot be chosen; None for who can.

    On a paper with `outcomes` the outcome counts, on one without the mark.
    """
    if candidate.code:
        return WhyNot.ABSENT if candidate.code == "A" else WhyNot.CARRIED_FORWARD
    if outcomes and candidate.outcome == not_classified:
        return WhyNot.NOT_CLASSIFIED
    if (candidate.outcome if outcomes else candidate.mark) is None:
        return WhyNot.UNMARKED
    is_zero = not outcomes and candidate.mark == 0
    return WhyNot.ZERO if is_zero and not include_zero else None


@dataclass(frozen=True)
class Ranking:
    """The eligible candidates from highest to lowest, equal ones by candidate number.

    A rank is an index into `candidates`: 0 is the highest. `levels` runs beside it and is what
    they are ranked by: the mark, or on an outcome paper the height of the outcome (lowest is 1).
    """

    candidates: Sequence[Candidate]
    levels: Sequence[int]
    outcomes: Sequence[str]

    def __len__(self) -> int:
        return len(self.candidates)

    @property
    def lowest(self) -> int | None:
        """The rank of the lowest level above zero; None when there is none."""
        above_zero = len(self.levels) - sum(level == 0 for level in self.levels)
        return above_zero - 1 if above_zero else None

    def numbers(self) -> list[str]:
        return [candidate.candidate_no for candidate in self.candidates]


def rank(
    candidates: Iterable[Candidate],
    *,
    include_zero: bool,
    outcomes: Sequence[str],
    not_classified: str,
) -> Ranking:
    """Rank those who can be chosen (`why_not`).

    A paper with `outcomes` (highest first) is ranked by them, one without by mark.
    """
    classified = [outcome for outcome in outcomes if outcome != not_classified]
    heights = {outcome: len(classified) - i for i, outcome in enumerate(classified)}
    eligible = (
        one
        for one in candidates
        if not why_not(
            one, include_zero=include_zero, outcomes=outcomes, not_classified=not_classified
        )
    )
    ranked = sorted(
        ((_level(one, heights if outcomes else None), one) for one in eligible),
        key=lambda pair: (-pair[0], pair[1].candidate_no),
    )
    return Ranking(
        candidates=[pair[1] for pair in ranked],
        levels=[pair[0] for pair in ranked],
        outcomes=classified,
    )


def _level(candidate: Candidate, heights: Mapping[str, int] | None) -> int:
    if heights is None:
        return candidate.mark or 0
    height = heights.get(candidate.outcome or "")
    if height is None:
        detail = _("%(outcome)s is not an outcome of the paper", outcome=candidate.outcome)
        raise UnprocessableError(detail, errors=[FieldError("/outcome", detail)])
    return height
