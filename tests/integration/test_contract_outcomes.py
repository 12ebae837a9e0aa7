"""Papers assessed by outcome, by the contract: an outcome takes the place of a mark."""

from typing import Any

import pytest

from tests.integration.conftest import MakeSheet
from tests.support.refusals import refused
from tests.support.sheet import Sheet

OUTCOMES = ["Distinction", "Merit", "Pass"]


@pytest.fixture(scope="module")
def by_outcome(make_sheet: MakeSheet) -> Sheet:
    return make_sheet(3, tasks=None, outcomes=OUTCOMES, sample_policy="per-outcome")


@pytest.mark.parametrize("outcome", [*OUTCOMES, "Not classified"])
def test_an_outcome_is_a_mark_of_its_own(by_outcome: Sheet, outcome: str) -> None:
    saved = by_outcome.saved("0001", outcome=outcome)
    assert (saved["outcome"], saved["total"], saved["complete"]) == (outcome, None, True)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"outcome": "Starred"}, "/outcome"),
        ({"outcome": ""}, "/outcome"),
        ({"outcome": 1}, "/outcome"),
        ({"tasks": [1]}, "/tasks"),
        ({"tasks": []}, "/tasks"),
        ({"code": "CF"}, "/code"),
    ],
)
def test_an_outcome_that_is_none_is_refused(
    by_outcome: Sheet, body: dict[str, Any], pointer: str
) -> None:
    before = by_outcome.candidate("0002")
    refused(by_outcome.put("0002", body), 422, pointer)
    assert by_outcome.candidate("0002") == before


def test_the_outcome_that_does_not_count_may_have_another_name(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(
        1, tasks=None, outcomes=["Pass"], not_classified="Unclassified", sample_policy="per-outcome"
    )
    assert sheet.saved("0001", outcome="Unclassified")["outcome"] == "Unclassified"
    refused(sheet.put("0001", {"outcome": "Not classified"}), 422, "/outcome")
