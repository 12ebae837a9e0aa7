"""The ticks of the sample on the marksheet."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command

from services.marks.app import SERVICE
from services.marks.queries.marksheet import sample_aspect
from shared import migrate
from shared.db import Database
from shared.events.consumer import is_newer
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
    tell(marks, paper, candidates, key, **more)


def tell(
    marks: ServiceUnderTest,
    paper: str,
    candidates: list[dict[str, Any]],
    key: str = GENERATED,
    **more: Any,
) -> None:
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


def test_a_reason_is_read_in_the_readers_language(marks: ServiceUnderTest, paper: str) -> None:
    told: dict[str, Any] = {"chosen_by": "system", "reason": "highest mark", "at": AT}
    reasons = {"en": "highest mark", "cy": "marc uchaf"}
    candidates = [
        {**told, "candidate_no": "0001", "reasons": reasons},
        {**told, "candidate_no": "0003"},
    ]
    tell(marks, paper, candidates)

    assert ticks_of(read(marks, paper)) == dict.fromkeys(
        ("0001", "0003"), ("system", "highest mark")
    )
    in_welsh = ticks_of(read(marks, paper, lang="cy"))
    assert in_welsh["0001"] == ("system", "marc uchaf")
    assert in_welsh["0003"] == ("system", "highest mark")


def test_a_reason_told_in_another_language_later_shows_as_a_change(
    marks: ServiceUnderTest, paper: str
) -> None:
    first = {"candidate_no": "0001", "chosen_by": "system", "reason": "highest mark", "at": AT}
    tell(marks, paper, [first])
    cursor = read(marks, paper)["cursor"]
    tell(marks, paper, [{**first, "reasons": {"en": "highest mark", "cy": "marc uchaf"}}])
    changed = read(marks, paper, changed_since=cursor, lang="cy")
    assert ticks_of(changed) == {"0001": ("system", "marc uchaf")}


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


def test_samples_of_before_are_taken_once_more(tmp_path: Path) -> None:
    """With the sequence they are known by, when they are told again after the upgrade."""
    database, aspect = Database(f"sqlite:///{tmp_path / 'old.sqlite'}"), sample_aspect(CENTRE, "p1")
    chain = migrate.chain_of(SERVICE)
    migrate.upgrade(database.engine, migrate.PLATFORM)
    with database.engine.begin() as connection:
        command.upgrade(chain.config(connection), "0010")
    with database.transaction() as session:
        assert [is_newer(session, aspect, 7) for _again in range(2)] == [True, False]
    migrate.upgrade(database.engine, chain)
    with database.transaction() as session:
        assert [is_newer(session, aspect, sequence) for sequence in (6, 7, 7)] == [
            False,
            True,
            False,
        ]
    database.close()
