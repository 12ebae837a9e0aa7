"""What a policy would choose, over HTTP: of typed marks, and of a submitted sheet."""

from typing import Any

import pytest

from tests.support.service import BOARD, ServiceUnderTest
from tests.unit.sampling.events import CENTRE, PAPER, members, sample

POLICIES = "/api/sampling/policies"
WJEC = {"policy": "wjec-rank-order"}


def preview(service: ServiceUnderTest, **body: Any) -> Any:
    return service.call("POST", f"{POLICIES}/preview", BOARD, json=body)


def test_the_policies_are_listed(sampling: ServiceUnderTest) -> None:
    listed = sampling.call("GET", POLICIES, BOARD).json or {}
    names = [one["name"] for one in listed["policies"]]
    assert names == ["even-spread-2026", "per-outcome", "wjec-rank-order"]
    assert {one["first_stage"] for one in listed["policies"]} == {6}


def test_typed_marks(sampling: ServiceUnderTest) -> None:
    answer = preview(sampling, **WJEC, marks=[0, *range(12, 0, -1)])
    assert answer.status_code == 200
    found = answer.json
    assert (found["total"], found["chosen"]) == (13, 7)
    first, second, *_others, zero = found["candidates"]
    assert first == {
        "candidate_no": "0002",
        "mark": 12,
        "outcome": None,
        "reason": "highest mark",
    }
    assert (second["mark"], second["reason"], zero["mark"]) == (11, None, 0)
    assert sampling.emitted() == []


def test_a_submitted_sheet(generated: ServiceUnderTest) -> None:
    found = preview(generated, **WJEC, centre_no=CENTRE, paper_id=PAPER).json
    chosen = [one["candidate_no"] for one in found["candidates"] if one["reason"]]
    assert chosen == members(sample(generated))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"policy": "of-nobody", "marks": [1]}, 422),
        ({"policy": "per-outcome", "marks": [1]}, 422),
        (WJEC, 422),
        (WJEC | {"marks": []}, 422),
        (WJEC | {"marks": [-1]}, 422),
        (WJEC | {"marks": ["1"]}, 422),
        (WJEC | {"marks": [1] * 2001}, 422),
        (WJEC | {"marks": [1], "centre_no": CENTRE, "paper_id": PAPER}, 422),
        (WJEC | {"centre_no": CENTRE}, 422),
        (WJEC | {"centre_no": CENTRE, "paper_id": "another"}, 404),
    ],
)
def test_what_cannot_be_previewed(
    sampling: ServiceUnderTest, body: dict[str, Any], status: int
) -> None:
    assert preview(sampling, **body).status_code == status
