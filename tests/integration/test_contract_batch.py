"""Saving many candidates at once, by the contract."""

from concurrent.futures import ThreadPoolExecutor

from tests.integration.conftest import MakeSheet
from tests.support import shapes
from tests.support.refusals import refused

AT_ONCE = 8


def test_a_batch_saves_what_is_good(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(3)
    answer = sheet.patch(
        {"candidate_no": "0001", "tasks": [10]},
        {"candidate_no": "0002", "tasks": [101]},
        {"candidate_no": "0003", "code": "a"},
    ).expect(200)
    assert [one["candidate_no"] for one in answer["saved"]] == ["0001", "0003"]
    for one in answer["saved"]:
        shapes.check(one, version=int, total=shapes.WHOLE_OR_NULL, complete=bool)
    assert [one["total"] for one in answer["saved"]] == [10, None]
    assert [one["candidate_no"] for one in answer["refused"]] == ["0002"]
    assert [one["complete"] for one in sheet.candidates()] == [True, False, True]


def test_an_atomic_batch_saves_all(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(2)
    rows = [{"candidate_no": one["candidate_no"], "tasks": [7]} for one in sheet.candidates()]
    answer = sheet.patch(*rows, query="?atomic=true").expect(200)
    assert (len(answer["saved"]), answer["refused"]) == (2, [])
    assert [one["total"] for one in sheet.candidates()] == [7, 7]


def test_of_many_who_save_at_once_one_wins(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(1)
    version = sheet.candidate("0001")["version"]

    def save(mark: int) -> int:
        return sheet.put("0001", {"tasks": [mark], "version": version}).status

    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = [*threads.map(save, range(AT_ONCE))]
    assert sorted(statuses) == [200] + [409] * (AT_ONCE - 1)
    assert sheet.candidate("0001")["tasks"] == [statuses.index(200)]
    assert len(sheet.history("0001")) == 1


def test_a_class_that_is_marked_by_many_at_once(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(40)
    numbers = [one["candidate_no"] for one in sheet.candidates()]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = [*threads.map(lambda number: sheet.put(number, {"tasks": [7]}), numbers)]
    assert {answer.status for answer in answers} == {200}
    assert [one["total"] for one in sheet.candidates()] == [7] * 40


def test_a_batch_has_its_limit(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(2)
    before = sheet.marksheet()
    rows = [{"candidate_no": "0002", "tasks": [1]}] * 2001
    refused(sheet.patch(*rows), 422, "/candidates")
    assert sheet.marksheet() == before
