"""`GET /api/events`: each is told what they may see, nothing twice, and nothing is left out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.gateway.live import hub, keeping, stream
from services.gateway.live.keeping import purge, release
from services.gateway.live.queries import after, position
from services.gateway.models import LiveEvent
from shared import clock
from shared.access.principal import Membership, Principal
from tests.support.service import (
    BOARD,
    MODERATOR,
    ServiceUnderTest,
    admin_of,
    rows_of,
    teacher_of,
    teacher_of_sets,
)
from tests.unit.gateway.happenings import Happenings
from tests.unit.gateway.listening import note_ends, tool

EVENTS = "/api/events"
TEACHER = teacher_of("68101")
BOUND_SECONDS = 30
SETS = {"of this set": "10A", "of another set": "10B"}

pytestmark = pytest.mark.usefixtures("quick")


def restricted_to(*papers: str) -> Principal:
    member = Membership("user", iamis=True, papers=frozenset(papers))
    return replace(TEACHER, centres={"68101": member})


def test_everybody_is_told_what_they_may_see(happenings: Happenings, listen: Any) -> None:
    happenings.entries("68101")
    happenings.entries("68102")
    happenings.allocate("68101")
    everybody = {
        "teacher": listen(TEACHER),
        "admin": listen(admin_of("68101")),
        "no access": listen(teacher_of("68101", iamis=False)),
        "foreign": listen(admin_of("68102")),
        "moderator": listen(MODERATOR),
        "another moderator": listen(replace(MODERATOR, user_id="a2")),
        "board": listen(BOARD),
        "tool without scope": listen(tool()),
        "tool": listen(tool("samples:read")),
        "tool of another centre": listen(tool("samples:read", "68102")),
        "restricted": listen(restricted_to("p2")),
        **{who: listen(teacher_of_sets("68101", name)) for who, name in SETS.items()},
    }
    happenings.paper()
    know_the_paper = {who for who, listening in everybody.items() if listening.keys()}
    # For the moderator there is no sheet, and so no paper, before the submission.
    assert know_the_paper == {"teacher", "admin", "foreign", "board", *SETS}
    happenings.submitted("68101")
    happenings.sampled("68101")
    keys = {who: listening.keys() for who, listening in everybody.items()}
    told = ["marks.submitted.v1", "sample.generated.v1"]
    assert keys == {
        "teacher": told,
        "admin": told,
        "no access": [],
        "foreign": [],
        "moderator": told,
        "another moderator": [],
        "board": told,
        "tool without scope": [],
        "tool": ["sample.generated.v1"],
        "tool of another centre": [],
        "restricted": [],
        **dict(zip(SETS, (told, []), strict=True)),
    }


def test_an_event_is_sent_as_it_was_told(happenings: Happenings, listen: Any) -> None:
    listening = listen(TEACHER)
    happenings.submitted("68101")
    ((number, event),) = listening.told()
    assert number == 1
    assert (event["specversion"], event["source"]) == ("1.0", "/iamis/marks")
    assert event["subject"] == "68101/p1"
    assert event["data"]["candidates"][0]["candidate_no"] == "0001"


def test_a_paper_without_entries_is_nothing_of_a_centre(
    happenings: Happenings, listen: Any
) -> None:
    listening = listen(TEACHER)
    happenings.paper()
    assert listening.keys() == []


def test_who_comes_back_is_told_the_rest_once(happenings: Happenings, listen: Any) -> None:
    happenings.submitted("68101")
    happenings.submitted("68102")
    happenings.sampled("68101")
    again = listen(TEACHER, last_seen=0)
    happenings.sampled("68101", extended=True)
    told = again.told()
    assert [number for number, _event in told] == [1, 3, 4]
    later = listen(TEACHER, last_seen=told[1][0])
    assert later.keys() == ["sample.extended.v1"]
    assert listen(TEACHER).keys() == []


def test_a_moderator_is_not_told_what_a_centre_asks_nor_of_a_sheet_reopened(
    happenings: Happenings, listen: Any
) -> None:
    happenings.allocate("68101")
    happenings.submitted("68101")
    teacher, moderator = listen(TEACHER), listen(MODERATOR)
    happenings.extension_requested("68101")
    assert (teacher.keys(), moderator.keys()) == (["extension.requested.v1"], [])
    happenings.reopened("68101")
    happenings.sampled("68101")
    assert teacher.keys() == ["submission.reopened.v1", "sample.generated.v1"]
    assert moderator.keys() == []


def test_more_than_a_page_that_was_missed(
    happenings: Happenings, listen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateway.live.queries.BATCH", 3)
    for number in range(10):
        happenings.submitted("68101" if number % 2 else "68102")
    told = [number for number, _event in listen(TEACHER, last_seen=1).told()]
    assert told == [2, 4, 6, 8, 10]


@pytest.mark.parametrize("last_seen", [0, 7])
def test_who_was_away_too_long_is_told_so(
    happenings: Happenings, listen: Any, gateway: ServiceUnderTest, last_seen: int
) -> None:
    happenings.submitted("68101")
    with gateway.transaction() as session:
        session.query(LiveEvent).update({"at": clock.now() - timedelta(hours=25)})
        purge(session)
        assert rows_of(session, LiveEvent) == []
    assert listen(TEACHER, last_seen=last_seen).raw() == stream.LOST
    assert listen(TEACHER, last_seen=1).told() == []


def test_it_ends_with_the_token(listen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.service.TOKEN_SECONDS", 1)
    assert listen(TEACHER).ends()


def test_it_ends_when_access_changes(happenings: Happenings, listen: Any) -> None:
    ended, stays = listen(TEACHER), listen(admin_of("68101"))
    happenings.access_changed(TEACHER.user_id, 2)
    assert ended.ends()
    happenings.submitted("68101")
    assert stays.keys() == ["marks.submitted.v1"]


def test_a_moderator_is_told_no_more_when_deallocated(happenings: Happenings, listen: Any) -> None:
    happenings.allocate("68101")
    listening = listen(MODERATOR)
    happenings.submitted("68101")
    assert listening.keys() == ["marks.submitted.v1"]
    happenings.deallocate("68101")
    happenings.sampled("68101")
    assert listening.keys() == []
    assert listen(MODERATOR, last_seen=0).keys() == []


def test_what_is_held_back_is_told_to_the_centre_on_results_day(
    happenings: Happenings, listen: Any, gateway: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "HELD_BACK", frozenset({"sample.extended.v1"}))
    happenings.paper()
    happenings.allocate("68101")
    happenings.submitted("68101")
    teacher, moderator, board = listen(TEACHER), listen(MODERATOR), listen(BOARD)
    happenings.sampled("68101", extended=True)
    assert (teacher.keys(), moderator.keys(), board.keys()) == (
        [],
        ["sample.extended.v1"],
        ["sample.extended.v1"],
    )
    with gateway.transaction() as session:
        assert release(session) == 0
    happenings.paper(results_day="2020-08-20T08:00:00+01:00")
    with gateway.transaction() as session:
        assert release(session) == 1
        assert release(session) == 0
    assert teacher.keys() == ["paper.changed.v1", "sample.extended.v1"]
    assert (moderator.keys(), board.keys()) == (["paper.changed.v1"], ["paper.changed.v1"])
    happenings.sampled("68101", extended=True)
    assert teacher.keys() == ["sample.extended.v1"]


def test_an_outcome_is_told_to_centres_and_their_tools_on_results_day(
    gateway: ServiceUnderTest,
    happenings: Happenings,
    listen: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happenings.entries("68101")
    happenings.allocate("68101")
    happenings.paper()
    happenings.submitted("68101")
    results_day = datetime.fromisoformat("2031-08-21T08:00:00+01:00")
    everybody = {
        "teacher": listen(TEACHER),
        "moderator": listen(MODERATOR),
        "board": listen(BOARD),
        "tool": listen(tool("samples:read")),
        "tool of the centre": listen(tool("samples:read", "68101")),
    }
    happenings.moderated("68101")
    told = {who: listening.keys() for who, listening in everybody.items()}
    event = ["moderation.decided.v1"]
    assert told == {
        "teacher": [],
        "moderator": event,
        "board": event,
        "tool": event,
        "tool of the centre": [],
    }
    with gateway.transaction() as session:
        assert release(session) == 0
    monkeypatch.setattr(clock, "now", lambda: results_day)
    with gateway.transaction() as session:
        assert release(session) == 1
    with gateway.transaction() as session:
        (last,) = after(session, position(session) - 1)
    assert last.audience.includes(TEACHER)
    assert last.audience.includes(tool("samples:read", "68101"))
    assert not last.audience.includes(tool("samples:read"))


def test_the_present_state_told_again_is_nothing_new(happenings: Happenings, listen: Any) -> None:
    listening = listen(TEACHER)
    happenings.submitted("68101", sequence=5)
    happenings.submitted("68101", sequence=4)
    happenings.submitted("68101", sequence=5)
    happenings.submitted("68101", sequence=4)
    assert [event["sequence"] for _number, event in listening.told()] == [5, 4]


def test_who_does_not_take_in_what_is_told_is_hung_up_on(
    happenings: Happenings, listen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = 1
    monkeypatch.setattr(hub, "MOST_WAITING", waiting)
    hung_up = note_ends(monkeypatch)
    listening = listen(TEACHER)
    for _each in range(waiting + 2):
        happenings.submitted("68101")
    # Nothing is taken in before: else all three might go through a queue of one.
    assert hung_up.wait(BOUND_SECONDS)
    told = len(listening.told())
    assert told <= waiting
    assert listening.ends()
    assert len(listen(TEACHER, last_seen=told).told()) == waiting + 2 - told


def test_nobody_listens_without_a_token(gateway: ServiceUnderTest) -> None:
    refused = gateway.call("GET", EVENTS)
    assert refused.status_code == 401
    assert refused.mimetype == "application/problem+json"


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "9" * 19])
def test_the_last_event_is_a_number(gateway: ServiceUnderTest, given: str) -> None:
    refused = gateway.call("GET", EVENTS, BOARD, headers={"Last-Event-ID": given})
    assert refused.status_code == 400
    assert gateway.call("GET", f"{EVENTS}?last_event_id={given}", BOARD).status_code == 400


def test_a_head_opens_no_stream(gateway: ServiceUnderTest) -> None:
    answer = gateway.call("HEAD", EVENTS, BOARD)
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")


def test_staff_of_two_centres_are_told_of_both(happenings: Happenings, listen: Any) -> None:
    member = Membership("user", iamis=True)
    both = replace(TEACHER, centres={"68101": member, "68102": member})
    listening = listen(both)
    happenings.submitted("68101")
    happenings.submitted("68102")
    happenings.submitted("68103")
    assert [event["subject"] for _number, event in listening.told()] == ["68101/p1", "68102/p1"]
