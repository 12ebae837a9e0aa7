"""The pure rules of the sample: who is chosen, why, and how a sample grows."""

from services.sampling.domain.additions import refusals
from services.sampling.domain.candidates import NOT_CLASSIFIED, Candidate, WhyNot, why_not
from services.sampling.domain.parsing import PolicyError, parse_policy
from services.sampling.domain.policy import Policy
from services.sampling.domain.reasons import Reason, ReasonCode, describe, in_every_language
from services.sampling.domain.selection import Choice, check_fits, choose, grow

__all__ = [
    "NOT_CLASSIFIED",
    "Candidate",
    "Choice",
    "Policy",
    "PolicyError",
    "Reason",
    "ReasonCode",
    "WhyNot",
    "check_fits",
    "choose",
    "describe",
    "grow",
    "in_every_language",
    "parse_policy",
    "refusals",
    "why_not",
]
