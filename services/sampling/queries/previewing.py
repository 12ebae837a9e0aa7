"""What a policy would choose of some marks, without anything being kept."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.sampling.domain import Candidate, Policy, choose, describe
from services.sampling.models import Paper, Sheet
from services.sampling.queries import submitted
from shared.access.rules import not_found


class PolicyJson(TypedDict):
    """A policy that papers can name; `first_stage` is how many a moderator marks first."""

    name: str
    source: str
    include_zero: bool
    cover_teachers: bool
    first_stage: int


class PoliciesJson(TypedDict):
    policies: list[PolicyJson]


class PreviewedJson(TypedDict):
    """A candidate, from the highest to the lowest; `reason` is null where they are not chosen."""

    candidate_no: str
    mark: int | None
    outcome: str | None
    reason: str | None


class PolicyPreviewJson(TypedDict):
    policy: str
    candidates: list[PreviewedJson]
    total: int
    chosen: int


def policies_json(policies: Mapping[str, Policy]) -> PoliciesJson:
    return {
        "policies": [
            {
                "name": policy.name,
                "source": policy.source,
                "include_zero": policy.include_zero,
                "cover_teachers": policy.cover_teachers,
                "first_stage": policy.first_stage,
            }
            for policy in policies.values()
        ]
    }


def of_marks(marks: Sequence[int]) -> list[Candidate]:
    """Typed marks as candidates, numbered in the order they were typed."""
    return [Candidate(f"{number:04}", mark=mark) for number, mark in enumerate(marks, 1)]


def preview_of_marks(policy: Policy, marks: Sequence[int]) -> PolicyPreviewJson:
    return _preview(policy, of_marks(marks))


def preview_of_sheet(
    session: Session, policy: Policy, centre_no: str, paper_id: str
) -> PolicyPreviewJson:
    """Of a submitted sheet as it is now; NotFoundError without it."""
    sheet = session.get(Sheet, (centre_no, paper_id))
    if sheet is None:
        raise not_found()
    paper = session.get_one(Paper, paper_id)
    return _preview(policy, submitted(session, sheet), paper.outcomes, paper.not_classified)


def _preview(
    policy: Policy,
    candidates: Sequence[Candidate],
    outcomes: Sequence[str] = (),
    not_classified: str = "",
) -> PolicyPreviewJson:
    choices = choose(policy, candidates, outcomes=outcomes, not_classified=not_classified)
    reasons = {choice.candidate_no: describe(choice.reason) for choice in choices}
    heights = {outcome: len(outcomes) - place for place, outcome in enumerate(outcomes)}

    def height(one: Candidate) -> tuple[int, str]:
        level = one.mark if one.mark is not None else heights.get(one.outcome or "", -1)
        return -level, one.candidate_no

    return {
        "policy": policy.name,
        "candidates": [
            {
                "candidate_no": one.candidate_no,
                "mark": one.mark,
                "outcome": one.outcome,
                "reason": reasons.get(one.candidate_no),
            }
            for one in sorted(candidates, key=height)
        ],
        "total": len(candidates),
        "chosen": len(reasons),
    }
