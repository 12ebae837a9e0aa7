"""Moderation of a paper assessed by outcome: what is not classified can be judged as well."""

import pytest

from services.sampling.domain import Candidate
from tests.support.service import BOARD, ServiceUnderTest
from tests.unit.sampling.events import ADMIN, CENTRE, PAPER, add, know_paper, submit
from tests.unit.sampling.moderating import MODERATION, complete, decide, read, save
from tests.unit.sampling.test_amended import amend

NOT_CLASSIFIED = "Not classified"
GIVEN = {"0001": "Merit", "0002": "Pass", "0003": "Pass"}


@pytest.fixture
def graded(sampling: ServiceUnderTest) -> ServiceUnderTest:
    """All three are in the sample; 0004 is not classified, and not in it."""
    outcomes = ["Distinction", "Merit", "Pass"]
    know_paper(sampling, tasks=None, outcomes=outcomes, sample_policy="per-outcome")
    given = GIVEN | {"0004": NOT_CLASSIFIED}
    submit(sampling, [Candidate(number, outcome=outcome) for number, outcome in given.items()])
    sampling.allocate(CENTRE, PAPER)
    return sampling


def judge(service: ServiceUnderTest, **changed: str) -> None:
    rows = [
        {"candidate_no": number, "outcome": outcome}
        for number, outcome in (GIVEN | changed).items()
    ]
    assert (save(service, *rows).json or {})["refused"] == []


def test_the_moderator_may_find_work_not_classified(graded: ServiceUnderTest) -> None:
    assert read(graded)["outcomes"] == ["Distinction", "Merit", "Pass", NOT_CLASSIFIED]
    judge(graded, **{"0003": NOT_CLASSIFIED})
    found = read(graded)["candidates"][2]
    assert (found["moderator"]["outcome"], found["within"]) == (NOT_CLASSIFIED, False)


def test_a_whole_paper_is_marked_anew_with_those_not_classified(graded: ServiceUnderTest) -> None:
    add(graded, ADMIN, candidate_nos=["0004"])
    judge(graded, **{"0001": "Pass", "0004": NOT_CLASSIFIED})
    assert read(graded)["advice"] == "remarked"
    assert complete(graded, "remarked").status_code == 201
    assert decide(graded).status_code == 201
    (event,) = graded.emitted("moderation.decided.v1")
    after = {one["candidate_no"]: one["to"]["outcome"] for one in event.data["marks"]}
    assert after == GIVEN | {"0001": "Pass", "0004": NOT_CLASSIFIED}


def test_an_outcome_amended_to_not_classified_is_shown(graded: ServiceUnderTest) -> None:
    after = {"tasks": None, "code": None, "outcome": NOT_CLASSIFIED, "total": None, "initials": ""}
    amend(graded, "0001", after)
    found = read(graded)["candidates"][0]
    assert (found["outcome"], found["stage"]) == (NOT_CLASSIFIED, 1)


def test_no_mark_is_there_to_be_adjusted(graded: ServiceUnderTest) -> None:
    assert read(graded)["choices"] == ["accepted", "remarked"]
    judge(graded)
    for refused in (
        complete(graded, "adjusted"),
        graded.call("GET", f"{MODERATION}/preview?outcome=adjusted", BOARD),
    ):
        assert refused.status_code == 422
        assert [one["pointer"] for one in (refused.json or {})["errors"]] == ["/outcome"]
    assert read(graded)["state"] == "open"
    preview = graded.call("GET", f"{MODERATION}/preview", BOARD).json or {}
    assert (preview["outcome"], preview["choices"]) == ("remarked", ["accepted", "remarked"])


def test_a_paper_assessed_by_mark_has_every_choice(generated: ServiceUnderTest) -> None:
    every = ["accepted", "adjusted", "remarked"]
    assert read(generated)["choices"] == every
    preview = generated.call("GET", f"{MODERATION}/preview", BOARD).json or {}
    assert (preview["outcome"], preview["choices"]) == ("adjusted", every)
