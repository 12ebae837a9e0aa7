"""Who may be sampled, and in what order they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    """Leave out absent, carried-forward, not-classified and unmarked candidates; rank the rest.

    A paper with `outcomes` (highest first) is ranked by them, one without by mark.
    """
    classified = [outcome for outcome in outcomes if outcome != not_classified]
    heights: dict[str, int | None] = {not_classified: None}
    heights |= {outcome: len(classified) - i for i, outcome in enumerate(classified)}
    levels = ((_level(one, heights if outcomes else None), one) for one in candidates)
    ranked = sorted(
        ((level, one) for level, one in levels if level or (level == 0 and include_zero)),
        key=lambda pair: (-pair[0], pair[1].candidate_no),
    )
    return Ranking(
        candidates=[pair[1] for pair in ranked],
        levels=[pair[0] for pair in ranked],
        outcomes=classified,
    )


def _level(candidate: Candidate, heights: dict[str, int | None] | None) -> int | None:
    if candidate.code:
        return None
    if heights is None:
        return candidate.mark
    if candidate.outcome is None:
        return None
    if candidate.outcome not in heights:
        detail = _("%(outcome)s is not an outcome of the paper", outcome=candidate.outcome)
        raise UnprocessableError(detail, errors=[FieldError("/outcome", detail)])
    return heights[candidate.outcome]
