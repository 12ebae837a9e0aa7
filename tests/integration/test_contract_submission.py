"""Submission, by the contract: when it is refused, what it locks, and late entries."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.conftest import Accounts, MakeSheet
from tests.support import shapes
from tests.support.api import entries
from tests.support.refusals import refused
from tests.support.sheet import DECLARED, Sheet
from tests.support.waiting import wait_for

AT_ONCE = 8


@pytest.fixture(scope="module")
def ready(make_sheet: MakeSheet) -> Sheet:
    """Complete and not submitted."""
    sheet = make_sheet(2)
    sheet.fill_all()
    return sheet


def late_entry(accounts: Accounts, sheet: Sheet, number: int) -> None:
    file = entries(sheet.paper()["code"], sheet.centre_no, [number])
    accounts["board"].post_csv("/api/marks/imports/entries", file).expect(200)


@pytest.mark.parametrize("name", DECLARED)
@pytest.mark.parametrize("value", [False, None, "true", 1, [], {}])
def test_a_false_declaration(ready: Sheet, name: str, value: object) -> None:
    refused(ready.offer(**{name: value}), 422, f"/declarations/{name}")
    assert ready.paper()["state"] == "complete"


@pytest.mark.parametrize("body", [{}, {"declarations": None}, {"declarations": "all"}, [], 1])
def test_no_declarations(ready: Sheet, body: object) -> None:
    refused(ready.api.post(f"{ready.path}/submission", body), 422)
    assert ready.paper()["state"] == "complete"


def test_what_is_missing_is_all_named(make_sheet: MakeSheet) -> None:
    tasks = [{"name": "Portfolio", "max": 60}, {"name": "Log", "max": 20}]
    sheet = make_sheet(6, tasks=tasks, initials_required=True)
    sheet.saved("0001", tasks=[1, 2], initials="GT")
    sheet.saved("0002", tasks=[1, None], initials="GT")
    sheet.saved("0003", tasks=[1, 2])
    sheet.saved("0004", code="A")
    sheet.saved("0005", tasks=[1, 2], initials="  ")

    missing = refused(sheet.offer(), 409)["missing"]
    for one in missing:
        shapes.check(one, candidate_no=str, name=str, what=list)
    lacks = {one["candidate_no"]: len(one["what"]) for one in missing}
    assert lacks == {"0002": 1, "0003": 1, "0005": 1, "0006": 3}
    assert missing[0]["what"] == ["Log"]
    assert sheet.paper()["submitted"] == 0
    assert sheet.saved("0003", tasks=[1, 2], initials="GT")["complete"] is True


@pytest.mark.parametrize(("typed", "kept"), [("gt", "GT"), ("G.T.", "GT"), ("ŵj", "ŴJ")])
def test_initials_are_one_spelling(ready: Sheet, typed: str, kept: str) -> None:
    assert ready.saved("0001", tasks=[50], initials=typed)["initials"] == kept


@pytest.mark.parametrize("initials", ["1", "G_T", "G\x00T", "<b>", "=GT", "ABCDEFG"])
def test_initials_are_letters(ready: Sheet, initials: str) -> None:
    before = ready.candidate("0002")
    refused(ready.put("0002", {"tasks": [51], "initials": initials}), 422, "/initials")
    assert ready.candidate("0002") == before


def test_a_submission_locks_and_its_receipt_stays(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(3)
    sheet.fill_all()
    receipt = sheet.submit()
    assert shapes.is_instant(receipt["submitted_at"])
    assert (receipt["candidates"], receipt["submitted_by"]) == (3, sheet.api.user["name"])
    assert sheet.paper()["state"] == "submitted"

    assert sheet.offer().expect(200) == receipt
    refused(sheet.offer(standardised=False), 422, "/declarations/standardised")

    sheet.settle()
    before = sheet.marksheet()
    for body in ({"tasks": [1]}, {"clear": True}, {"code": "A"}, {"tasks": [50], "initials": "X"}):
        refused(sheet.put("0001", body), 409)
    (told,) = sheet.patch({"candidate_no": "0002", "tasks": [1]}).expect(200)["refused"]
    assert told["status"] == 409
    assert sheet.marksheet() == before
    refused(sheet.put("0001", {"tasks": [101]}), 422, "/tasks/0")


def test_of_many_at_once_one_is_the_first(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(3)
    sheet.fill_all()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = [*threads.map(lambda _each: sheet.offer(), range(AT_ONCE))]
    assert sorted(answer.status for answer in answers) == [200] * (AT_ONCE - 1) + [201]
    assert len({answer.content for answer in answers}) == 1
    sheet.wait_for_sample()


def test_a_late_entry_reopens_the_paper_for_itself_alone(
    accounts: Accounts, make_sheet: MakeSheet
) -> None:
    sheet = make_sheet(10)
    sheet.fill({f"{number:04d}": [40 + number] for number in range(1, 11)})
    receipt = sheet.submit()
    before = {one["candidate_no"]: one for one in sheet.wait_for_sample()}
    late_entry(accounts, sheet, 11)

    paper = sheet.paper()
    assert (paper["state"], paper["submitted"], paper["left"]) == ("reopened", 10, 1)
    refused(sheet.put("0001", {"tasks": [1]}), 409)
    missing = refused(sheet.offer(), 409)["missing"]
    assert [one["candidate_no"] for one in missing] == ["0011"]

    assert sheet.saved("0011", tasks=[95])["complete"] is True
    assert sheet.paper()["state"] == "reopened"
    second = sheet.submit()
    assert (second["kind"], second["candidates"]) == ("supplementary", 1)
    assert second["submitted_at"] > receipt["submitted_at"]
    assert sheet.paper()["state"] == "submitted"
    assert sheet.offer().expect(200) == receipt

    def grown() -> bool:
        return "0011" in {one["candidate_no"] for one in sheet.sample()["candidates"]}

    wait_for("the sample has grown", grown)
    after = {one["candidate_no"]: one for one in sheet.sample()["candidates"]}
    assert {number: after[number] for number in before} == before
    assert sheet.sample()["state"] == "generated"


def test_a_withdrawn_candidate_keeps_nobody_from_submitting(
    accounts: Accounts, make_sheet: MakeSheet
) -> None:
    sheet = make_sheet(2)
    sheet.saved("0001", tasks=[7])
    refused(sheet.offer(), 409)
    file = entries(sheet.paper()["code"], sheet.centre_no, [2], action="W")
    accounts["board"].post_csv("/api/marks/imports/entries", file).expect(200)
    assert sheet.submit()["candidates"] == 1


@pytest.mark.parametrize("role", ["admin", "user"])
def test_admin_and_teacher_may_submit(accounts: Accounts, make_sheet: MakeSheet, role: str) -> None:
    sheet = make_sheet(1).seen_by(accounts[role])
    sheet.fill_all()
    assert sheet.submit()["submitted_by"] == accounts[role].user["name"]
