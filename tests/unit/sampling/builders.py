"""Candidates for the examples, and what a sample looks like in them."""

from collections.abc import Iterable

from services.sampling.domain import Candidate, Choice
from services.sampling.policies import load_policies

POLICIES = load_policies()
WJEC = POLICIES["wjec-rank-order"]
EVEN = POLICIES["even-spread-2026"]
PER_OUTCOME = POLICIES["per-outcome"]


def number(index: int) -> str:
    return f"{index:04}"


def marked(marks: Iterable[int], *, start: int = 1) -> list[Candidate]:
    return [Candidate(number(i), mark=mark) for i, mark in enumerate(marks, start)]


def in_rank_order(count: int) -> list[Candidate]:
    """Candidate 0001 has rank 1, 0002 rank 2, and so on; no ties, no zeros."""
    return marked(range(count, 0, -1))


def numbers(sample: Iterable[Choice]) -> list[int]:
    return [int(choice.candidate_no) for choice in sample]
