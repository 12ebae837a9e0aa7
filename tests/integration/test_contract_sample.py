"""The sample, by the contract: its states, what is added to it, and what it refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.conftest import Accounts, Allocate, MakeSheet
from tests.support import shapes
from tests.support.refusals import refused
from tests.support.sheet import Sheet
from tests.support.waiting import wait_for

CHOSEN_BY = {"system", "centre", "moderator", "board"}
DUE = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()


@pytest.fixture(scope="module")
def sampled(make_sheet: MakeSheet, allocate: Allocate) -> Sheet:
    """19 candidates: 1, 3, 5 … 17 chosen, 18 the lowest, 19 absent."""
    sheet = make_sheet(19)
    sheet.fill({f"{number:04d}": [90 - number] for number in range(1, 19)})
    sheet.saved("0019", code="A")
    moderators = allocate(sheet)
    sheet.submit()
    sheet.wait_for_sample()
    path = f"{sheet.sampling}/sample"
    wait_for("the moderator sees it", lambda: moderators.api.get(path).status == 200)
    return sheet


def chosen(sheet: Sheet) -> dict[str, str]:
    return {one["candidate_no"]: one["chosen_by"] for one in sheet.sample()["candidates"]}


def test_before_the_submission_it_is_none(make_sheet: MakeSheet) -> None:
    sample = make_sheet(1).sample()
    assert (sample["state"], sample["candidates"]) == ("none", [])
    assert "policy" in sample


@pytest.mark.parametrize("role", ["user", "admin", "board"])
def test_of_an_unknown_paper_it_is_none(accounts: Accounts, role: str) -> None:
    sample = Sheet(accounts[role], accounts.centre_no, "nobody-knows-it").sample()
    assert (sample["state"], sample["candidates"]) == ("none", [])


def test_its_members(sampled: Sheet) -> None:
    sample = sampled.sample()
    assert (sample["state"], sample["policy"]) == ("generated", "wjec-rank-order")
    for one in sample["candidates"]:
        shapes.check(one, candidate_no=str, chosen_by=str, reason=str, at=str)
        assert one["reason"]
        assert one["chosen_by"] in CHOSEN_BY
        assert shapes.is_instant(one["at"])


BAD_ADDITIONS: list[tuple[dict[str, Any], str]] = [
    ({"candidate_nos": ["0001"]}, "/candidate_nos/0"),
    ({"candidate_nos": ["0002", "0019"]}, "/candidate_nos/1"),
    ({"candidate_nos": ["0002", "9999"]}, "/candidate_nos/1"),
    ({"candidate_nos": ["0002", "0002"]}, "/candidate_nos/1"),
    ({"candidate_nos": ["2"]}, "/candidate_nos/0"),
    ({"candidate_nos": [2]}, "/candidate_nos/0"),
    ({"candidate_nos": []}, "/candidate_nos"),
    ({"candidate_nos": "0002"}, "/candidate_nos"),
    ({"candidate_nos": None}, "/candidate_nos"),
    ({"note": ""}, "/note"),
    ({"note": "   "}, "/note"),
    ({"note": None}, "/note"),
    ({"note": 7}, "/note"),
    ({"note": "a\x00b"}, "/note"),
    ({"note": "\ud800"}, "/note"),
    ({"note": "x" * 100_000}, "/note"),
]
BAD_DUES: list[tuple[dict[str, Any], str]] = [
    ({"due": None}, "/due"),
    ({"due": "2020-01-01"}, "/due"),
    ({"due": "soon"}, "/due"),
    ({"due": "2031-02-30"}, "/due"),
    ({"due": 20310101}, "/due"),
    ({"due": "2031-01-01T12:00:00Z"}, "/due"),
]


@pytest.mark.parametrize(("changes", "pointer"), BAD_ADDITIONS, ids=lambda one: str(one)[:60])
def test_a_bad_addition(sampled: Sheet, changes: dict[str, Any], pointer: str) -> None:
    before = sampled.sample()
    body = {"candidate_nos": ["0002"], "note": "Lost work"} | changes
    path = f"{sampled.sampling}/sample/additions"
    refused(sampled.api.post(path, body), 422, pointer)
    assert sampled.sample() == before


@pytest.mark.parametrize(
    ("changes", "pointer"), BAD_ADDITIONS + BAD_DUES, ids=lambda one: str(one)[:60]
)
def test_a_bad_further_request(
    accounts: Accounts, sampled: Sheet, changes: dict[str, Any], pointer: str
) -> None:
    before = sampled.sample()
    body = {"candidate_nos": ["0002"], "note": "More, please", "due": DUE} | changes
    path = f"{sampled.sampling}/sample/further-requests"
    for role in ("appointee", "board"):
        refused(accounts[role].post(path, body), 422, pointer)
    assert sampled.sample() == before


def test_nothing_is_added_before_there_is_a_sample(
    accounts: Accounts, make_sheet: MakeSheet
) -> None:
    sheet = make_sheet(2)
    body = {"candidate_nos": ["0001"], "note": "Early", "due": DUE}
    refused(sheet.api.post(f"{sheet.sampling}/sample/additions", body), 409)
    further = f"{sheet.sampling}/sample/further-requests"
    refused(accounts["board"].post(further, body), 409)
    assert sheet.sample()["state"] == "none"


def test_centre_moderator_and_board_add(
    accounts: Accounts, make_sheet: MakeSheet, allocate: Allocate
) -> None:
    """Each is told by whom; all who were chosen stay, and so does the state."""
    sheet = make_sheet(19)
    sheet.fill({f"{number:04d}": [90 - number] for number in range(1, 20)})
    moderator = allocate(sheet).api
    sheet.submit()
    sheet.wait_for_sample()
    before = chosen(sheet)
    path = f"{sheet.sampling}/sample"
    wait_for("the moderator sees it", lambda: moderator.get(path).status == 200)

    lost = {"candidate_nos": ["0002", "0004"], "note": "Work of 0001 and 0003 is lost"}
    sheet.api.post(f"{path}/additions", lost).expect(201)
    more = {"candidate_nos": ["0006"], "note": "One more, please", "due": DUE}
    moderator.post(f"{path}/further-requests", more).expect(201)
    another = {"candidate_nos": ["0008"], "note": "And this", "due": DUE}
    accounts["board"].post(f"{path}/further-requests", another).expect(201)

    added = {"0002": "centre", "0004": "centre", "0006": "moderator", "0008": "board"}
    assert chosen(sheet) == before | added
    assert sheet.sample()["state"] == "generated"
    refused(sheet.api.post(f"{path}/additions", lost), 422, "/candidate_nos/0")

    def ticked() -> bool:
        ticks = {one["candidate_no"]: one["sample"] for one in sheet.candidates(show="samples")}
        return {number: tick["chosen_by"] for number, tick in ticks.items()} == before | added

    wait_for("the marksheet has the additions", ticked)
    words = {"system": "Yes", "centre": "Added", "moderator": "Further", "board": "Further"}

    def reported() -> bool:
        rows = {row["candidate_no"]: row["sample"] for row in sheet.report()["rows"]}
        wanted = {number: words[by] for number, by in (before | added).items()}
        return rows == dict.fromkeys(rows, "No") | wanted

    wait_for("the report has the additions", reported)


def test_outcomes_are_sampled_from_each(make_sheet: MakeSheet) -> None:
    outcomes = ["Distinction", "Merit", "Pass"]
    sheet = make_sheet(40, tasks=None, outcomes=outcomes, sample_policy="per-outcome")
    given = {f"{number:04d}": outcomes[number % 3] for number in range(1, 38)}
    given |= {"0038": "Not classified", "0039": "Not classified"}
    rows = [{"candidate_no": number, "outcome": outcome} for number, outcome in given.items()]
    sheet.patch(*rows, {"candidate_no": "0040", "code": "A"}).expect(200)
    sheet.submit()
    sample = {one["candidate_no"] for one in sheet.wait_for_sample()}
    assert len(sample) == 30
    assert not sample & {"0038", "0039", "0040"}
    by_outcome = [sum(given[number] == outcome for number in sample) for outcome in outcomes]
    assert by_outcome == [10, 10, 10]


def test_who_has_no_work_to_send_is_not_sampled(make_sheet: MakeSheet) -> None:
    """Absent, carried forward and zero: nobody of them, however few there are."""
    sheet = make_sheet(6, linear=True)
    sheet.saved("0001", code="A")
    sheet.saved("0002", code="CF")
    sheet.fill({"0003": [0], "0004": [1], "0005": [50], "0006": [100]})
    sheet.submit()
    assert {one["candidate_no"] for one in sheet.wait_for_sample()} == {"0004", "0005", "0006"}


def test_a_sample_of_nobody_is_generated_too(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(2)
    sheet.saved("0001", code="A")
    sheet.saved("0002", code="A")
    sheet.submit()
    assert sheet.wait_for_sample() == []


def test_linked_papers_wait_for_each_other(make_sheet: MakeSheet) -> None:
    first = make_sheet(2)
    second = make_sheet(2, linked=[first.paper_id])
    for sheet in (first, second):
        sheet.fill_all()
    second.submit()
    wait_for("the second waits", lambda: second.sample()["state"] == "waiting")
    first.submit()
    first.wait_for_sample()
    second.wait_for_sample()
