"""Choosing a paper's sample, and letting it grow. The same candidates always give the same."""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.sampling.domain.candidates import NOT_CLASSIFIED, Candidate, Ranking, rank
from services.sampling.domain.outcomes import PerOutcome
from services.sampling.domain.policy import Policy
from services.sampling.domain.reasons import Picks, Reason, ReasonCode
from shared.errors import FieldError, UnprocessableError
from shared.i18n import gettext as _


@dataclass(frozen=True)
class Choice:
    candidate_no: str
    reason: Reason


def check_fits(policy: Policy, outcomes: Sequence[str]) -> None:
    """Refuse a policy by outcome for a paper assessed by mark, which has no `outcomes`.

    The other way round is allowed: bands rank an outcome paper by its outcomes, highest first.
    """
    if isinstance(policy.rule, PerOutcome) and not outcomes:
        detail = _("%(policy)s is only for papers assessed by outcome", policy=policy.name)
        raise UnprocessableError(detail, errors=[FieldError("/sample_policy", detail)])


def choose(
    policy: Policy,
    candidates: Iterable[Candidate],
    *,
    outcomes: Sequence[str] = (),
    not_classified: str = NOT_CLASSIFIED,
) -> list[Choice]:
    """The first sample of a paper, highest to lowest.

    `outcomes` are those of the paper, highest first, none for one assessed by mark; it makes no
    difference whether they name the `not_classified` one. Candidate numbers must be unique.
    """
    ranking = _ranking(policy, candidates, outcomes, not_classified)
    picks = policy.rule.first(ranking)
    return _choices(policy, ranking, frozenset(), picks)


def grow(
    policy: Policy,
    candidates: Iterable[Candidate],
    chosen: Collection[str],
    *,
    outcomes: Sequence[str] = (),
    not_classified: str = NOT_CLASSIFIED,
) -> list[Choice]:
    """Whom to add to a sample after late entries; nobody, when it is large enough as it is.

    `chosen` are the candidate numbers of the whole sample, whoever chose them. All of them stay,
    but only those still eligible count towards the size, so one withdrawn is replaced.
    """
    ranking = _ranking(policy, candidates, outcomes, not_classified)
    numbers = frozenset(chosen)
    kept = frozenset(i for i, number in enumerate(ranking.numbers()) if number in numbers)
    picks = policy.rule.more(ranking, kept)
    return _choices(policy, ranking, kept, picks)


def _ranking(
    policy: Policy,
    candidates: Iterable[Candidate],
    outcomes: Sequence[str],
    not_classified: str,
) -> Ranking:
    check_fits(policy, outcomes)
    return rank(
        candidates,
        include_zero=policy.include_zero,
        outcomes=outcomes,
        not_classified=not_classified,
    )


def _choices(
    policy: Policy, ranking: Ranking, kept: AbstractSet[int], picks: Picks
) -> list[Choice]:
    if policy.cover_teachers:
        picks = picks | _for_teachers(ranking, kept | picks.keys())
    return [Choice(ranking.candidates[i].candidate_no, picks[i]) for i in sorted(picks)]


def _for_teachers(ranking: Ranking, chosen: AbstractSet[int]) -> Picks:
    """One more for each teacher without an eligible candidate in the sample.

    It is the teacher's candidate with the lowest number. No initials are no teacher.
    """
    covered = {ranking.candidates[i].initials for i in chosen} | {""}
    picks: Picks = {}
    for i in sorted(range(len(ranking)), key=ranking.numbers().__getitem__):
        initials = ranking.candidates[i].initials
        if initials not in covered:
            covered.add(initials)
            picks[i] = Reason(ReasonCode.TEACHER, {"initials": initials})
    return picks
