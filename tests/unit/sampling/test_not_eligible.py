"""Who could not be chosen for a sample, and why, as its readers are told."""

from typing import Any

import pytest

from services.sampling.domain import Candidate, WhyNot, why_not
from tests.support.service import ServiceUnderTest, teacher_of_sets
from tests.unit.sampling.builders import marked
from tests.unit.sampling.events import CENTRE, URL, enter, know_paper, sample, submit
from tests.unit.sampling.test_teaching_sets import tell_sets


def out(seen: Any) -> dict[str, str]:
    return {one["candidate_no"]: one["reason"] for one in seen["not_eligible"]}


@pytest.mark.parametrize(
    ("candidate", "outcomes", "expected"),
    [
        (Candidate("1", mark=1), (), None),
        (Candidate("1", mark=0), (), WhyNot.ZERO),
        (Candidate("1"), (), WhyNot.UNMARKED),
        (Candidate("1", mark=5, code="CF"), (), WhyNot.CARRIED_FORWARD),
        (Candidate("1", code="A"), ("Pass",), WhyNot.ABSENT),
        (Candidate("1", outcome="Pass"), ("Pass",), None),
        (Candidate("1", outcome="U"), ("Pass",), WhyNot.NOT_CLASSIFIED),
        (Candidate("1", mark=5), ("Pass",), WhyNot.UNMARKED),
    ],
)
def test_why_somebody_cannot_be_chosen(
    candidate: Candidate, outcomes: tuple[str, ...], expected: WhyNot | None
) -> None:
    found = why_not(candidate, include_zero=False, outcomes=outcomes, not_classified="U")
    assert found is expected


def test_a_zero_can_be_chosen_where_the_policy_counts_it() -> None:
    zero = Candidate("1", mark=0)
    assert why_not(zero, include_zero=True, outcomes=(), not_classified="U") is None


def test_each_is_told_with_why(generated: ServiceUnderTest) -> None:
    assert sample(generated)["not_eligible"] == [
        {"candidate_no": "0013", "why": "absent", "reason": "absent"},
        {"candidate_no": "0014", "why": "carried_forward", "reason": "mark carried forward"},
    ]


def test_who_is_withdrawn_is_out_unless_in_the_sample(generated: ServiceUnderTest) -> None:
    for number in ("0001", "0002"):
        enter(generated, change="withdrawn", candidate_no=number)
    assert out(sample(generated)).keys() == {"0002", "0013", "0014"}
    assert out(sample(generated))["0002"] == "withdrawn"


def test_only_those_of_their_sets_are_told_to_a_teacher_of_some(
    generated: ServiceUnderTest,
) -> None:
    tell_sets(generated, n0013="10A", n0014="10B")
    seen = generated.call("GET", URL, teacher_of_sets(CENTRE, "10A")).json
    assert out(seen) == {"0013": "absent"}


def test_nobody_is_out_of_a_sample_that_waits(sampling: ServiceUnderTest) -> None:
    know_paper(sampling, "p", linked=["q"])
    know_paper(sampling, "q", linked=["p"])
    enter(sampling, "q")
    submit(sampling, [*marked([5]), Candidate("0002", code="A")], paper_id="p")
    assert (sample(sampling, "p")["state"], out(sample(sampling, "p"))) == ("waiting", {})
