"""What becomes of a moderation: completion, the board's decision, and the day it is shown."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.sampling.domain import Candidate
from services.sampling.present import decisions, returned
from shared import clock
from shared.audit import AuditRow
from tests.support.service import (
    BOARD,
    MODERATOR,
    ServiceUnderTest,
    admin_of,
    rows_of,
    teacher_of,
)
from tests.unit.sampling.events import ADMIN, CENTRE, PAPER, add, correct, sample, submit
from tests.unit.sampling.moderating import (
    MODERATION,
    SAMPLE,
    call,
    complete,
    decide,
    mark_all,
    read,
    save,
    slug,
)

EVENT = "moderation.decided.v1"
RETURNED = "moderation.returned.v1"
RESULTS_DAY = datetime(2031, 8, 21, 7, tzinfo=UTC)
FIRST = ["0001", "0003", "0005", "0009", "0011", "0012"]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, RESULTS_DAY - timedelta(days=90))


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def test_accepted_marks_stand(generated: ServiceUnderTest) -> None:
    mark_all(generated, 2)
    assert complete(generated, "accepted", comment=" Well marked ").status_code == 201
    assert decide(generated).status_code == 201
    found = read(generated)
    assert (found["state"], found["outcome"]) == ("approved", "accepted")
    assert found["completed"]["comment"] == "Well marked"
    (event,) = generated.emitted(EVENT)
    assert (event.subject, event.data["outcome"]) == (f"{CENTRE}/{PAPER}", "accepted")
    assert event.data["release_at"] == RESULTS_DAY.isoformat()
    assert [one["candidate_no"] for one in event.data["marks"]][-1] == "0012"
    assert all(one["from"] == one["to"] for one in event.data["marks"])
    with generated.transaction() as session:
        assert list(decisions(session)) == [(event.subject, event.data)]


def adjustment(service: ServiceUnderTest) -> dict[str, Any]:
    return service.call("GET", f"{MODERATION}/preview?outcome=adjusted", BOARD).json or {}


def test_a_preview_tells_how_many_marks_of_the_moderator_it_is_of(
    generated: ServiceUnderTest,
) -> None:
    before = adjustment(generated)
    assert (before["marked"], before["changed"]) == (0, 0)
    mark_all(generated, -5, "0001", "0003")
    after = adjustment(generated)
    assert (after["marked"], after["changed"]) == (2, 12)


def test_an_adjustment_changes_everybody(generated: ServiceUnderTest) -> None:
    mark_all(generated, -5)
    assert read(generated)["advice"] == "adjusted"
    preview = adjustment(generated)
    assert (preview["total"], preview["changed"]) == (12, 12)
    assert preview["line"] == {"slope": 1.0, "intercept": -5.0}
    complete(generated, "adjusted")
    decide(generated)
    (event,) = generated.emitted(EVENT)
    changes = {one["candidate_no"]: one["to"]["total"] for one in event.data["marks"]}
    assert changes == {f"{number:04}": 26 - number for number in range(1, 13)}
    assert [one["to"] for one in event.data["marks"]] == [
        one["to"] for one in preview["candidates"]
    ]


def test_what_is_missing_is_named(generated: ServiceUnderTest) -> None:
    mark_all(generated, 0, *FIRST[:-1])
    answer = complete(generated, "accepted")
    assert (answer.status_code, slug(answer)) == (409, "incomplete")
    assert (answer.json or {})["missing"] == FIRST[-1:]


def test_what_differs_too_much_is_not_accepted(generated: ServiceUnderTest) -> None:
    mark_all(generated, 4)
    assert slug(complete(generated, "accepted")) == "outside-tolerance"


@pytest.mark.parametrize("outcome", ["adjusted", "remarked"])
def test_the_centres_marks_stand_within_the_tolerance(
    generated: ServiceUnderTest, outcome: str
) -> None:
    mark_all(generated, 3, *FIRST[:-1])
    assert read(generated)["choices"] == ["accepted", "adjusted", "remarked"]
    mark_all(generated, 3, FIRST[-1])
    assert (read(generated)["advice"], read(generated)["choices"]) == ("accepted", ["accepted"])
    refused = complete(generated, outcome)
    assert (refused.status_code, slug(refused)) == (409, "within-tolerance")
    assert read(generated)["state"] == "open"
    assert complete(generated, "accepted").status_code == 201


def test_a_line_that_reverses_the_order_adjusts_nothing(generated: ServiceUnderTest) -> None:
    rows = [{"candidate_no": f"{n:04}", "total": n} for n in (1, 3, 5, 7, 9, 11, 12)]
    save(generated, *rows)
    assert read(generated)["advice"] == "remarked"
    assert slug(complete(generated, "adjusted")) == "no-adjustment"


def test_a_paper_marked_again_needs_everybodys_work(generated: ServiceUnderTest) -> None:
    mark_all(generated, 9)
    answer = complete(generated, "remarked")
    rest = ["0002", "0004", "0006", "0008", "0010"]
    assert (answer.status_code, (answer.json or {})["missing"]) == (409, rest)
    add(generated, MODERATOR, candidate_nos=rest, due="2031-06-20")
    save(generated, *({"candidate_no": number, "total": 7} for number in rest))
    assert complete(generated, "remarked").status_code == 201
    decide(generated)
    (event,) = generated.emitted(EVENT)
    changes = {one["candidate_no"]: one["to"]["total"] for one in event.data["marks"]}
    assert (changes["0001"], changes["0002"]) == (39, 7)


def test_the_board_may_give_it_back(generated: ServiceUnderTest) -> None:
    mark_all(generated)
    assert slug(decide(generated)) == "not-completed"
    complete(generated, "accepted")
    assert decide(generated, "returned").status_code == 422
    again = decide(generated, "returned", comment="Look at 0003 again")
    assert (again.json or {})["decided"]["comment"] == "Look at 0003 again"
    assert read(generated)["state"] == "open"
    assert generated.emitted(EVENT) == []
    assert len(generated.emitted(RETURNED)) == 1
    assert complete(generated, "accepted").status_code == 201


def test_what_was_given_back_is_adjusted_by_the_marks_of_now(generated: ServiceUnderTest) -> None:
    mark_all(generated, -5)
    complete(generated, "adjusted")
    decide(generated, "returned", comment="Too severe")
    mark_all(generated, -3)
    assert adjustment(generated)["line"] == {"slope": 1.0, "intercept": -3.0}


def test_an_approval_is_taken_back_until_results_day(
    generated: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark_all(generated)
    complete(generated, "accepted")
    decide(generated)
    assert decide(generated, "returned").status_code == 422
    taken_back = decide(generated, "returned", comment="The wrong paper")
    assert (taken_back.status_code, (taken_back.json or {})["state"]) == (201, "open")
    (event,) = generated.emitted(RETURNED)
    assert (event.subject, event.data["returned_by"]) == (f"{CENTRE}/{PAPER}", BOARD.user_id)
    with generated.transaction() as session:
        assert list(decisions(session)) == []
        assert list(returned(session)) == [(event.subject, event.data)]
        noted = [r for r in rows_of(session, AuditRow) if r.action == "moderation.decided"][-1]
        assert (noted.before, noted.after) == ({"state": "approved"}, {"state": "open"})
        assert noted.why == "The wrong paper"
    mark_all(generated, 1)
    complete(generated, "accepted")
    assert decide(generated).status_code == 201
    set_clock(monkeypatch, RESULTS_DAY)
    too_late = decide(generated, "returned", comment="Once more")
    assert (too_late.status_code, slug(too_late)) == (409, "results-out")
    assert read(generated)["state"] == "approved"


def test_what_is_completed_is_not_marked_again(generated: ServiceUnderTest) -> None:
    mark_all(generated)
    complete(generated, "accepted")
    answer = save(generated, {"candidate_no": "0001", "total": 1})
    assert (answer.status_code, slug(answer)) == (409, "completed")
    assert slug(complete(generated, "accepted")) == "completed"


def test_a_second_approval_is_the_first(generated: ServiceUnderTest) -> None:
    mark_all(generated)
    complete(generated, "accepted")
    assert [decide(generated).status_code for _each in range(2)] == [201, 200]
    assert len(generated.emitted(EVENT)) == 1


def test_who_came_since_a_paper_was_marked_again_is_marked_before_it_is_approved(
    generated: ServiceUnderTest,
) -> None:
    everybody = [f"{number:04}" for number in range(1, 13)]
    rest = [number for number in everybody if number not in SAMPLE]
    add(generated, MODERATOR, candidate_nos=rest, due="2031-06-20")
    save(generated, *({"candidate_no": number, "total": 9} for number in everybody))
    assert complete(generated, "remarked").status_code == 201
    late = [Candidate(number, 31 - int(number)) for number in everybody]
    submit(generated, [*late, Candidate("0015", 20)], "supplementary")
    answer = decide(generated)
    assert (answer.status_code, slug(answer)) == (409, "incomplete")
    assert (answer.json or {})["missing"] == ["0015"]
    assert read(generated)["state"] == "completed"
    assert generated.emitted(EVENT) == []


def test_a_mark_corrected_after_the_decision_is_adjusted_too(generated: ServiceUnderTest) -> None:
    mark_all(generated, -5)
    complete(generated, "adjusted")
    decide(generated)
    correct(generated, "0002", 20)
    _first, second = generated.emitted(EVENT)
    (changed,) = [one for one in second.data["marks"] if one["candidate_no"] == "0002"]
    assert (changed["from"]["total"], changed["to"]["total"]) == (20, 15)


def test_a_submission_undone_takes_the_moderation_with_it(generated: ServiceUnderTest) -> None:
    mark_all(generated)
    data: dict[str, Any] = {
        "centre_no": CENTRE,
        "paper_id": PAPER,
        "before": {"submissions": 1, "candidates": 14},
        "after": {"submissions": 0, "candidates": 0},
        "why": "By mistake",
        "reopened_by": "board-1",
        "reopened_at": "2031-05-03T12:00:00Z",
    }
    generated.deliver("submission.reopened.v1", f"{CENTRE}/{PAPER}", data)
    assert generated.call("GET", MODERATION, BOARD).status_code == 404
    assert sample(generated)["state"] == "none"


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "status"),
    [(RESULTS_DAY - SECOND, 404), (RESULTS_DAY, 200), (RESULTS_DAY + SECOND, 200)],
    ids=["before", "at", "after"],
)
@pytest.mark.parametrize("who", [ADMIN, teacher_of(CENTRE)], ids=["admin", "teacher"])
def test_the_centre_knows_nothing_before_results_day(
    generated: ServiceUnderTest,
    monkeypatch: pytest.MonkeyPatch,
    at: datetime,
    status: int,
    who: Any,
) -> None:
    mark_all(generated, -5)
    complete(generated, "adjusted")
    decide(generated)
    set_clock(monkeypatch, at)
    answer = call(generated, who, "GET", "")
    assert answer.status_code == status
    if answer.status_code == 200:
        assert (answer.json["outcome"], answer.json["released"]) == ("adjusted", True)
    assert call(generated, admin_of("68102"), "GET", "").status_code == 404


def test_what_is_not_approved_is_not_shown_after_results_day(
    generated: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark_all(generated)
    complete(generated, "accepted")
    set_clock(monkeypatch, RESULTS_DAY)
    assert call(generated, ADMIN, "GET", "").status_code == 404
