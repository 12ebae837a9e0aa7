"""The moderator's marks of a sample, saved as they are typed, over HTTP."""

from typing import Any

import pytest

from shared.audit import AuditRow
from tests.support.service import MODERATOR, ServiceUnderTest, rows_of
from tests.unit.sampling.builders import marked
from tests.unit.sampling.events import ADMIN, CENTRE, PAPER, add, correct, know_paper, submit
from tests.unit.sampling.moderating import MODERATION, SAMPLE, mark_all, read, save, slug


def line(service: ServiceUnderTest, number: str) -> Any:
    return next(one for one in read(service)["candidates"] if one["candidate_no"] == number)


def test_a_mark_is_saved_with_its_difference(generated: ServiceUnderTest) -> None:
    answer = save(generated, {"candidate_no": "0001", "tasks": [33], "comment": " Fair "})

    assert answer.status_code == 200
    assert answer.json == {
        "saved": [
            {"candidate_no": "0001", "version": 1, "total": 33, "difference": 3, "within": True}
        ],
        "refused": [],
    }
    found = line(generated, "0001")
    assert (found["total"], found["difference"], found["within"]) == (30, 3, True)
    assert found["moderator"] == {
        "candidate_no": "0001",
        "tasks": [33],
        "total": 33,
        "outcome": None,
        "comment": "Fair",
        "by": MODERATOR.name,
        "at": found["moderator"]["at"],
        "version": 1,
    }
    with generated.transaction() as session:
        (*_before, row) = rows_of(session, AuditRow)
        assert row.action == "moderator_mark.saved"
        assert row.subject == f"{CENTRE}/{PAPER}/0001"
        assert (row.before["total"], row.after["total"]) == (None, 33)


def test_of_two_versions_the_newer_stands(generated: ServiceUnderTest) -> None:
    save(generated, {"candidate_no": "0001", "total": 33})
    stale = {"candidate_no": "0001", "total": 34, "version": 0}
    (refused,) = (save(generated, stale).json or {})["refused"]
    assert (refused["status"], refused["current"]["total"]) == (409, 33)
    assert line(generated, "0001")["moderator"]["total"] == 33
    for version in (1, None):
        answer = save(generated, stale | {"total": 35, "version": version})
        assert (answer.json or {})["refused"] == []


def test_a_retried_save_is_no_conflict(generated: ServiceUnderTest) -> None:
    row = {"candidate_no": "0001", "total": 33, "version": 0}
    first, again = save(generated, row), save(generated, row)
    assert again.json == first.json


@pytest.mark.parametrize(
    ("row", "status", "pointer"),
    [
        ({"candidate_no": "0002", "total": 1}, 404, "/candidate_no"),
        ({"candidate_no": None, "total": 1}, 404, "/candidate_no"),
        ("row", 404, "/candidate_no"),
        ({"candidate_no": "0001"}, 422, ""),
        ({"candidate_no": "0001", "total": 1, "tasks": [1]}, 422, ""),
        ({"candidate_no": "0001", "total": 301}, 422, "/total"),
        ({"candidate_no": "0001", "total": -1}, 422, "/total"),
        ({"candidate_no": "0001", "total": True}, 422, "/total"),
        ({"candidate_no": "0001", "total": 1.0}, 422, "/total"),
        ({"candidate_no": "0001", "tasks": [1, 2]}, 422, "/tasks"),
        ({"candidate_no": "0001", "tasks": ["1"]}, 422, "/tasks/0"),
        ({"candidate_no": "0001", "outcome": "Pass"}, 422, "/outcome"),
        ({"candidate_no": "0001", "clear": 1}, 422, "/clear"),
        ({"candidate_no": "0001", "total": 1, "version": "1"}, 422, "/version"),
        ({"candidate_no": "0001", "total": 1, "comment": "\0"}, 422, "/comment"),
        ({"candidate_no": "0001", "total": 1, "comment": "\ud800"}, 422, "/comment"),
        ({"candidate_no": "0001", "total": 1, "comment": 1}, 422, "/comment"),
    ],
)
def test_what_is_no_mark_is_refused_and_the_others_are_saved(
    generated: ServiceUnderTest, row: object, status: int, pointer: str
) -> None:
    answer = save(generated, row, {"candidate_no": "0003", "total": 28})
    assert answer.status_code == 200
    (refused,) = (answer.json or {})["refused"]
    assert refused["status"] == status
    assert [error["pointer"] for error in refused["errors"]] == [pointer]
    assert line(generated, "0001")["moderator"] is None
    assert line(generated, "0003")["moderator"]["total"] == 28


def test_a_mark_of_some_tasks_is_kept_and_is_none_yet(sampling: ServiceUnderTest) -> None:
    know_paper(sampling, tasks=[{"name": "Task 1", "max": 40}, {"name": "Task 2", "max": 40}])
    submit(sampling, marked([50]))
    sampling.allocate(CENTRE, PAPER)
    save(sampling, {"candidate_no": "0001", "tasks": [20, None]})
    found = read(sampling)
    (one,) = found["candidates"]
    assert (one["moderator"]["tasks"], one["moderator"]["total"]) == ([20, None], None)
    assert found["missing"] == ["0001"]
    save(sampling, {"candidate_no": "0001", "clear": True})
    assert line(sampling, "0001")["moderator"]["tasks"] is None


def test_before_the_sample_nothing_can_be_marked(sampling: ServiceUnderTest) -> None:
    know_paper(sampling, linked=["paper-2"])
    sampling.deliver("entries.changed.v1", f"{CENTRE}/paper-2", _entered())
    submit(sampling, marked([3]))
    sampling.allocate(CENTRE, PAPER)
    answer = save(sampling, {"candidate_no": "0001", "total": 1})
    assert (answer.status_code, slug(answer)) == (409, "no-sample")


def _entered() -> dict[str, Any]:
    one = {"candidate_no": "0001", "surname": "A", "forenames": "B", "dob": "2015-02-28"}
    one |= {"uci": "", "teaching_set": "", "change": "added"}
    return {"centre_no": CENTRE, "paper_id": "paper-2", "candidates": [one]}


def test_the_centres_mark_is_hidden_until_ones_own_is_saved(generated: ServiceUnderTest) -> None:
    answer = generated.call("PATCH", MODERATION, MODERATOR, json={"blind": True})
    assert (answer.json or {})["blind"] is True
    save(generated, {"candidate_no": "0001", "total": 33})
    seen, hidden = read(generated)["candidates"][:2]
    assert (seen["hidden"], seen["total"], seen["difference"]) == (False, 30, 3)
    assert (hidden["hidden"], hidden["total"], hidden["tasks"]) == (True, None, None)


def test_stage_1_is_what_it_was_at_the_beginning(generated: ServiceUnderTest) -> None:
    before = [one["candidate_no"] for one in read(generated)["candidates"] if one["stage"] == 1]
    assert len(before) == 6
    mark_all(generated, 0, "0001")
    correct(generated, "0012", 29)
    add(generated, ADMIN, candidate_nos=["0002"])
    after = [one["candidate_no"] for one in read(generated)["candidates"] if one["stage"] == 1]
    assert after == before


def test_the_difference_is_to_the_mark_that_counts(generated: ServiceUnderTest) -> None:
    mark_all(generated)
    assert read(generated)["advice"] == "accepted"
    correct(generated, "0001", 20)
    found = line(generated, "0001")
    assert (found["total"], found["difference"], found["within"]) == (20, 10, False)


def test_a_list_says_what_awaits(generated: ServiceUnderTest) -> None:
    mark_all(generated, 0, "0001", "0003")
    answer = generated.call("GET", "/api/sampling/moderations", MODERATOR)
    (one,) = (answer.json or {})["moderations"]
    assert (one["centre_no"], one["paper_id"], one["state"]) == (CENTRE, PAPER, "open")
    assert one["paper_title"] == "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)"
    assert (one["sampled"], one["marked"], one["due"]) == (len(SAMPLE), 2, None)
