"""A sampling policy: the flags, and the rule by which candidates are taken."""

from dataclasses import dataclass

from services.sampling.domain.outcomes import PerOutcome
from services.sampling.domain.rank_order import RankOrder

FIRST_STAGE = 6


@dataclass(frozen=True)
class Policy:
    """`source` says where the rule is published; the flags are those of the domain page.

    `first_stage` is how many of the sample a moderator marks before anything more is asked.
    """

    name: str
    source: str
    include_zero: bool
    cover_teachers: bool
    rule: RankOrder | PerOutcome
    first_stage: int = FIRST_STAGE
