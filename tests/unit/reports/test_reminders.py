"""Centres are reminded of what is missing: 7, 3 and 1 days before, by day, and once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest

from services.reports.commands.rebuilding import forget_all
from services.reports.commands.reminders import LOOK_SECONDS, QUEUE, remind, remind_due, run
from shared import clock
from shared.bus import EVENTS, Binding, Message
from shared.bus.embedded import EmbeddedBus
from shared.settings import settings
from tests.support.service import ServiceUnderTest
from tests.unit.reports.builders import (
    AT,
    PAPER,
    SHEET,
    enter,
    entries,
    entry,
    lacking,
    mark,
    paper,
    reopened,
    sample,
    sheet,
    submit,
)

DUE = "reminder.due.v1"
LACKING = "evidence.lacking.v1"
DEADLINE = date(2031, 5, 5)
EVIDENCE_UNTIL = date(2031, 5, 15)


class Look(Protocol):
    """Look for what is due at an hour in London, so many days before a day; what it tells."""

    def __call__(
        self, days: int, before: date = DEADLINE, hour: int = 12
    ) -> list[dict[str, Any]]: ...


@pytest.fixture(name="at")
def _at(monkeypatch: pytest.MonkeyPatch, service: ServiceUnderTest) -> Look:
    def look(days: int, before: date = DEADLINE, hour: int = 12) -> list[dict[str, Any]]:
        day = before - timedelta(days)
        now = datetime(day.year, day.month, day.day, hour, tzinfo=clock.LONDON).astimezone(UTC)
        monkeypatch.setattr(clock, "now", lambda: now)
        known = len(service.emitted(DUE))
        service.database.run(remind_due)
        return [event.data for event in service.emitted(DUE)[known:]]

    return look


@pytest.fixture
def entered(service: ServiceUnderTest) -> ServiceUnderTest:
    enter(service, entry("0001"), entry("0002"), entry("0003", "withdrawn"))
    return service


def who(told: list[dict[str, Any]]) -> list[str]:
    return [number for event in told for number in event["candidate_nos"]]


def test_each_step_is_told_once(entered: ServiceUnderTest, at: Look) -> None:
    told = {days: at(days) for days in range(9, -2, -1)}
    assert [days for days, events in told.items() if events] == [7, 3, 1]
    assert told[7] == [
        sheet(
            kind="marks",
            deadline="2031-05-05",
            days_left=7,
            candidate_nos=["0001", "0002"],
            group=False,
            missing=[],
            at="2031-04-28T11:00:00+00:00",
        )
    ]
    assert {event.subject for event in entered.emitted(DUE)} == {SHEET}


@pytest.mark.usefixtures("entered")
def test_nobody_is_written_to_by_night_in_london(at: Look) -> None:
    """In summer 07:00 UTC is 08:00 there."""
    assert [hour for hour in range(24) if at(3, hour=hour)] == [8]
    assert at(1, hour=7) == at(1, hour=18) == []
    assert at(1, hour=17)


@pytest.mark.usefixtures("entered")
def test_what_was_not_told_in_time_is_told_later_and_the_nearest_step_alone(at: Look) -> None:
    assert [event["days_left"] for event in at(2)] == [2]
    assert at(2) == []
    assert [event["days_left"] for event in at(0)] == [0]


def test_who_has_submitted_is_told_nothing(entered: ServiceUnderTest, at: Look) -> None:
    submit(entered, mark("0001", 1, 1))
    assert who(at(7)) == ["0002"]
    submit(entered, mark("0001", 1, 1), mark("0002", 1, 1))
    assert at(3) == []
    entered.deliver("submission.reopened.v1", SHEET, reopened())
    assert who(at(1)) == ["0001", "0002"]


def extension(decision: str) -> dict[str, Any]:
    before, after = {"marks_deadline": "2031-05-05"}, {"marks_deadline": "2031-05-12"}
    asked = {"request_id": "r1", "before": before, "after": after, "why": "Flood"}
    by = {"decided_by": "b1", "decided_at": AT, "decision": decision, "comment": ""}
    return sheet(**asked, **by)


@pytest.mark.parametrize(("decision", "days"), [("accepted", 7), ("rejected", 0)])
def test_the_deadline_is_that_of_the_centre(
    entered: ServiceUnderTest, at: Look, decision: str, days: int
) -> None:
    entered.deliver("extension.decided.v1", SHEET, extension(decision))
    (told,) = at(0)
    assert told["days_left"] == days


@pytest.fixture
def sampled(entered: ServiceUnderTest) -> ServiceUnderTest:
    submit(entered, mark("0001", 1, 1), mark("0002", 1, 1))
    entered.deliver("sample.generated.v1", SHEET, sample(("0001", "system"), ("0002", "centre")))
    return entered


def tell_lacking(service: ServiceUnderTest, *candidates: str, **what: Any) -> None:
    service.deliver(LACKING, SHEET, lacking(*candidates, **what))


def test_who_lacks_evidence_is_told_until_it_is_there(sampled: ServiceUnderTest, at: Look) -> None:
    tell_lacking(sampled, "0001", "0002")
    (told,) = at(7, EVIDENCE_UNTIL)
    assert (told["kind"], told["candidate_nos"]) == ("evidence", ["0001", "0002"])
    assert (told["group"], told["missing"]) == (False, [])
    tell_lacking(sampled, "0002")
    assert who(at(3, EVIDENCE_UNTIL)) == ["0002"]
    tell_lacking(sampled)
    assert at(1, EVIDENCE_UNTIL) == []


def test_named_pieces_are_told_with_whose_they_are(sampled: ServiceUnderTest, at: Look) -> None:
    tell_lacking(
        sampled, pieces={"0001": ["Case Study 1", "Question set"], "0002": ["Question set"]}
    )
    (told,) = at(7, EVIDENCE_UNTIL)
    assert told["candidate_nos"] == ["0001", "0002"]
    assert told["missing"] == [
        {"candidate_no": "0001", "pieces": ["Case Study 1", "Question set"]},
        {"candidate_no": "0002", "pieces": ["Question set"]},
    ]


def test_the_group_may_lack_its_files_and_nobody_else(sampled: ServiceUnderTest, at: Look) -> None:
    tell_lacking(sampled, group=True)
    (told,) = at(7, EVIDENCE_UNTIL)
    assert (told["candidate_nos"], told["group"]) == ([], True)
    tell_lacking(sampled, "0002", group=True)
    (told,) = at(3, EVIDENCE_UNTIL)
    assert (told["candidate_nos"], told["group"]) == (["0002"], True)


def test_what_is_told_late_is_passed_over(sampled: ServiceUnderTest, at: Look) -> None:
    sampled.deliver(LACKING, SHEET, lacking(), sequence=9)
    sampled.deliver(LACKING, SHEET, lacking("0001"), sequence=8)
    assert at(7, EVIDENCE_UNTIL) == []


def test_of_a_submission_undone_and_of_who_was_withdrawn_nothing_is_missed(
    sampled: ServiceUnderTest, at: Look
) -> None:
    tell_lacking(sampled, "0001", "0002")
    sampled.deliver("entries.changed.v1", SHEET, sheet(candidates=[entry("0001", "withdrawn")]))
    assert who(at(7, EVIDENCE_UNTIL)) == ["0002"]
    sampled.deliver("submission.reopened.v1", SHEET, reopened())
    assert at(3, EVIDENCE_UNTIL) == []


def test_a_sample_told_after_its_submission_was_undone_asks_for_nothing(
    entered: ServiceUnderTest, at: Look
) -> None:
    submit(entered, mark("0001", 1, 1))
    entered.deliver("submission.reopened.v1", SHEET, reopened())
    entered.deliver("sample.generated.v1", SHEET, sample(("0001", "system")))
    tell_lacking(entered, "0001", group=True)
    assert at(7, EVIDENCE_UNTIL) == []


def test_who_was_asked_for_further_has_until_the_day_of_that(
    sampled: ServiceUnderTest, at: Look
) -> None:
    tell_lacking(sampled, "0001", "0002")
    grown = sample(("0001", "system"), ("0002", "moderator"), note="")
    later = EVIDENCE_UNTIL + timedelta(days=10)
    grown["candidates"][1]["due"] = later.isoformat()
    sampled.deliver("sample.extended.v1", SHEET, grown)
    assert who(at(7, EVIDENCE_UNTIL)) == ["0001"]
    (told,) = at(7, later)
    assert (told["deadline"], told["candidate_nos"]) == (later.isoformat(), ["0002"])
    grown["candidates"][1]["due"] = (EVIDENCE_UNTIL - timedelta(days=10)).isoformat()
    sampled.deliver("sample.extended.v1", SHEET, grown)
    assert who(at(1, EVIDENCE_UNTIL)) == ["0001", "0002"]


def test_of_many_schedulers_at_once_one_tells(entered: ServiceUnderTest, at: Look) -> None:
    at(8)
    now = clock.now() + timedelta(days=1)
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(4) as pool:
        patch.setattr(clock, "now", lambda: now)
        looks = [pool.submit(entered.database.run, remind_due) for _each in range(8)]
        told = [look.result() for look in looks]
    assert sorted(told) == [0] * 7 + [1]
    assert len(entered.emitted(DUE)) == 1


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedBus]:
    """That of a home of its own, with the queue of reports."""
    monkeypatch.setenv("IAMIS_HOME", str(tmp_path))
    settings.cache_clear()
    opened = EmbeddedBus(settings().bus_file)
    opened.declare(QUEUE, [Binding(EVENTS, "#")])
    yield opened
    opened.close()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def due(entered: ServiceUnderTest, at: Look, monkeypatch: pytest.MonkeyPatch) -> ServiceUnderTest:
    """It is the day on which the centre is to be reminded, and it was not yet."""
    assert at(8) == []
    now = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: now)
    return entered


def test_nobody_is_reminded_while_events_wait(
    due: ServiceUnderTest, bus: EmbeddedBus, tmp_path: Path
) -> None:
    with closing(EmbeddedBus(tmp_path / "other.sqlite")) as other:
        other.declare(QUEUE, [Binding(EVENTS, "#")])
        other.publish([Message("m1", EVENTS, "marks.submitted.v1", b"{}")])
        assert remind(due.database, other) == 0
    assert remind(due.database, bus) == 1


class Looks(threading.Event):
    """Lets nobody wait, and is set after so many looks."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most, self.waits = most, list[float | None]()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return len(self.waits) > self.most


@pytest.mark.usefixtures("bus")
def test_a_worker_waits_before_it_looks(due: ServiceUnderTest) -> None:
    for most, told in ((0, 0), (2, 1)):
        looks = Looks(most)
        run(due.database, looks)
        assert looks.waits == [LOOK_SECONDS, 0, LOOK_SECONDS][: most + 1]
        assert len(due.emitted(DUE)) == told


def test_until_its_paper_is_told_again_nobody_of_a_sheet_is_reminded(
    entered: ServiceUnderTest, at: Look
) -> None:
    with entered.transaction() as session:
        forget_all(session)
    entered.deliver("entries.changed.v1", SHEET, entries(entry("0001"), entry("0002")))
    assert at(7) == []
    submit(entered, mark("0001", 1, 1))
    entered.deliver("paper.changed.v1", f"all/{PAPER}", paper())
    assert who(at(7)) == ["0002"]
