"""Clerical errors, by the contract: what the moderator may correct, and what then counts."""

from typing import Any

import pytest

from tests.integration.conftest import Accounts, Allocate, MakeSheet
from tests.support import shapes
from tests.support.api import entries
from tests.support.refusals import refused
from tests.support.sheet import Sheet
from tests.support.waiting import wait_for


def to_moderator(sheet: Sheet, allocate: Allocate) -> Sheet:
    """Submit it; the sheet as its moderator has it, when nothing more changes by itself."""
    seen = allocate(sheet)
    sheet.submit()
    sheet.settle()
    wait_for("allocated", lambda: seen.api.get(f"{sheet.path}/marksheet").status == 200)
    return seen


@pytest.fixture(scope="module")
def corrected(make_sheet: MakeSheet, allocate: Allocate) -> Sheet:
    """Submitted, the first candidate absent; seen by its moderator."""
    sheet = make_sheet(3, tasks=[{"name": "One", "max": 40}, {"name": "Two", "max": 60}])
    sheet.saved("0001", code="A")
    sheet.fill({"0002": [10, 20], "0003": [11, 21]})
    return to_moderator(sheet, allocate)


BAD_CORRECTIONS: list[tuple[dict[str, Any], str]] = [
    ({"tasks": [41, 20]}, "/tasks/0"),
    ({"tasks": [None, 20]}, "/tasks/0"),
    ({"tasks": [10]}, "/tasks"),
    ({"tasks": "10"}, "/tasks"),
    ({"tasks": None, "total": 101}, "/total"),
    ({"tasks": None, "total": -1}, "/total"),
    ({"tasks": None, "total": True}, "/total"),
    ({"tasks": None, "total": 1.5}, "/total"),
    ({"total": 30}, "/tasks"),
    ({"reason": ""}, "/reason"),
    ({"reason": "  "}, "/reason"),
    ({"reason": None}, "/reason"),
    ({"reason": 5}, "/reason"),
    ({"reason": "a\x00b"}, "/reason"),
    ({"reason": "\ud800"}, "/reason"),
    ({"reason": "x" * 100_000}, "/reason"),
    ({"candidate_no": "9999"}, "/candidate_no"),
    ({"candidate_no": 2}, "/candidate_no"),
    ({"candidate_no": None}, "/candidate_no"),
]


@pytest.mark.parametrize(("changes", "pointer"), BAD_CORRECTIONS, ids=lambda one: str(one)[:60])
def test_a_bad_correction(corrected: Sheet, changes: dict[str, Any], pointer: str) -> None:
    before = corrected.marksheet()
    body = {"candidate_no": "0002", "tasks": [10, 21], "reason": "Slip"} | changes
    refused(corrected.api.post(f"{corrected.path}/clerical-errors", body), 422, pointer)
    assert corrected.marksheet() == before


def test_who_is_absent_has_no_mark_to_correct(corrected: Sheet) -> None:
    body = {"candidate_no": "0001", "total": 5, "reason": "Slip"}
    refused(corrected.api.post(f"{corrected.path}/clerical-errors", body), 422)


def test_the_total_alone_may_be_corrected_and_again(corrected: Sheet) -> None:
    path = f"{corrected.path}/clerical-errors"
    total = {"candidate_no": "0003", "total": 33, "reason": "Adding slip"}
    corrected.api.post(path, total).expect(201)
    first = corrected.candidate("0003")
    assert (first["effective_total"], first["clerical_error"]["tasks"]) == (33, None)
    again = {"candidate_no": "0003", "tasks": [11, 23], "reason": "Second look"}
    corrected.api.post(path, again).expect(201)
    second = corrected.candidate("0003")
    assert (second["total"], second["effective_total"]) == (32, 34)
    reasons = [change["why"] for change in corrected.history("0003")]
    assert reasons[-2:] == ["Adding slip", "Second look"]


def test_a_correction_of_a_task(make_sheet: MakeSheet, allocate: Allocate) -> None:
    sheet = make_sheet(1)
    sheet.fill_all()
    seen = to_moderator(sheet, allocate)
    slip = {"candidate_no": "0001", "tasks": [0], "reason": "Nothing\nwas there"}
    seen.api.post(f"{seen.path}/clerical-errors", slip).expect(201)
    corrected = sheet.candidate("0001")
    assert (corrected["total"], corrected["effective_total"]) == (50, 0)
    error = corrected["clerical_error"]
    shapes.check(error, tasks=list, total=int, by=str, at=str, reason=str)
    assert (error["tasks"], error["reason"]) == ([0], "Nothing\nwas there")
    assert seen.candidate("0001") == corrected


def test_an_outcome_is_no_sum_to_correct(make_sheet: MakeSheet, allocate: Allocate) -> None:
    sheet = make_sheet(1, tasks=None, outcomes=["Pass"], sample_policy="per-outcome")
    sheet.saved("0001", outcome="Pass")
    seen = to_moderator(sheet, allocate)
    for amended, pointer in (({"tasks": [1]}, "/tasks"), ({"total": 1}, "/total")):
        body = {"candidate_no": "0001", "reason": "Slip"} | amended
        refused(seen.api.post(f"{seen.path}/clerical-errors", body), 422, pointer)


def test_a_late_candidate_is_corrected_once_submitted(
    accounts: Accounts, make_sheet: MakeSheet, allocate: Allocate
) -> None:
    sheet = make_sheet(1)
    sheet.fill_all()
    seen = to_moderator(sheet, allocate)
    file = entries(sheet.paper()["code"], sheet.centre_no, [2])
    accounts["board"].post_csv("/api/marks/imports/entries", file).expect(200)
    sheet.saved("0002", tasks=[30])
    slip = {"candidate_no": "0002", "tasks": [29], "reason": "Slip"}
    refused(seen.api.post(f"{seen.path}/clerical-errors", slip), 409)
    sheet.submit()
    seen.api.post(f"{seen.path}/clerical-errors", slip).expect(201)
    assert sheet.candidate("0002")["effective_total"] == 29
