"""The ticks of the sample on the marksheet."""

from typing import Any

import pytest

from tests.support.service import ServiceUnderTest
from tests.unit.marks.builders import CENTRE, OTHER_CENTRE, make_paper, make_sheet, make_submission
from tests.unit.marks.sheets import read

GENERATED, EXTENDED = "sample.generated.v1", "sample.extended.v1"
AT = "2031-05-09T12:00:00Z"
Ticks = dict[str, tuple[str, str]]

FIRST: Ticks = {"0001": ("system", "top"), "0003": ("system", "bottom")}
GROWN: Ticks = {**FIRST, "0002": ("centre", "added")}


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", "0002", "0003")
    make_sheet(marks, paper, "0001", centre_no=OTHER_CENTRE)
    make_submission(marks, paper)
    return paper


def deliver(
    marks: ServiceUnderTest, paper: str, ticks: Ticks, key: str = GENERATED, **more: Any
) -> None:
    candidates = [
        {"candidate_no": number, "chosen_by": by, "reason": reason, "at": AT}
        for number, (by, reason) in ticks.items()
    ]
    data = {
        "centre_no": CENTRE,
        "paper_id": paper,
        "policy": "wjec-rank-order",
        "at": AT,
        "candidates": candidates,
        "note": "",
    }
    marks.deliver(key, f"{CENTRE}/{paper}", data, **more)


def ticks_of(sheet: Any) -> Ticks:
    return {
        line["candidate_no"]: (line["sample"]["chosen_by"], line["sample"]["reason"])
        for line in sheet["candidates"]
        if line["sample"]
    }


def test_the_sample_ticks_its_candidates(marks: ServiceUnderTest, paper: str) -> None:
    deliver(marks, paper, FIRST)
    sheet = read(marks, paper, show="samples")
    assert (ticks_of(sheet), sheet["total"], sheet["sample_generated"]) == (FIRST, 2, True)


def test_an_empty_sample_is_a_sample_too(marks: ServiceUnderTest, paper: str) -> None:
    assert read(marks, paper)["sample_generated"] is False
    deliver(marks, paper, {})
    assert read(marks, paper)["sample_generated"] is True


def test_a_sample_that_grew_shows_as_changes(marks: ServiceUnderTest, paper: str) -> None:
    deliver(marks, paper, FIRST)
    cursor = read(marks, paper)["cursor"]
    deliver(marks, paper, GROWN, EXTENDED)
    assert ticks_of(read(marks, paper)) == GROWN
    changed = read(marks, paper, changed_since=cursor)
    assert [line["candidate_no"] for line in changed["candidates"]] == ["0002"]
    assert changed["candidates"][0]["version"] == 0


def test_the_newest_state_stands_whatever_the_order_of_arrival(
    marks: ServiceUnderTest, paper: str
) -> None:
    deliver(marks, paper, GROWN, EXTENDED, sequence=7)
    deliver(marks, paper, FIRST, sequence=6)
    assert ticks_of(read(marks, paper)) == GROWN
    deliver(marks, paper, FIRST, sequence=8)
    assert ticks_of(read(marks, paper)) == FIRST


def test_a_second_delivery_changes_nothing(marks: ServiceUnderTest, paper: str) -> None:
    deliver(marks, paper, FIRST, sequence=3, event_id="one")
    before = read(marks, paper)
    deliver(marks, paper, FIRST, sequence=3, event_id="one")
    deliver(marks, paper, FIRST, sequence=3, event_id="two")
    deliver(marks, paper, FIRST, sequence=4, event_id="three")
    assert read(marks, paper) == before


def test_candidates_and_sheets_not_known_here_are_passed_over(
    marks: ServiceUnderTest, paper: str
) -> None:
    deliver(marks, paper, {**FIRST, "9999": ("system", "spread")})
    deliver(marks, "unknown", FIRST)
    assert ticks_of(read(marks, paper)) == FIRST
