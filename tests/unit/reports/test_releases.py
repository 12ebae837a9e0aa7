"""A moderator's report is announced when it is released: once, and by any number of workers."""

from datetime import timedelta

import pytest

from services.reports.commands.releases import announce_due
from shared import clock
from tests.support.service import MODERATOR, ServiceUnderTest
from tests.unit.reports.builders import CENTRE, PAPER, enter, entry, mark, paper, submit
from tests.unit.reports.test_moderator_report import REPORT, WRITTEN

PUBLISHED = "moderator_report.published.v1"


@pytest.fixture
def written(service: ServiceUnderTest) -> ServiceUnderTest:
    """A report whose results day is an hour away."""
    results = clock.now() + timedelta(hours=1)
    enter(service, entry("0001"), results_day=results.isoformat())
    submit(service, mark("0001", 1, 1))
    service.allocate(CENTRE, PAPER)
    assert service.call("PUT", REPORT, MODERATOR, json=WRITTEN).status_code == 201
    return service


def move_clock(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + by)


def test_nothing_is_announced_before_results_day(written: ServiceUnderTest) -> None:
    assert written.database.run(announce_due) == 0
    assert written.emitted(PUBLISHED) == []


def test_it_is_announced_once_on_results_day(
    written: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_clock(monkeypatch, timedelta(hours=1, seconds=1))
    assert [written.database.run(announce_due) for _each in range(2)] == [1, 0]
    (event,) = written.emitted(PUBLISHED)
    assert event.subject == f"{CENTRE}/{PAPER}"
    assert set(event.data) == {"centre_no", "paper_id", "released_at"}


def test_one_told_before_results_day_was_put_right_is_told_again_on_the_day(
    written: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_when_results_are(hours: int) -> int:
        day = clock.now() + timedelta(hours=hours)
        changed = paper(results_day=day.isoformat())
        written.deliver("paper.changed.v1", f"all/{PAPER}", changed)
        return written.database.run(announce_due)

    assert [told_when_results_are(hours) for hours in (-1, -2, 1)] == [1, 0, 0]
    move_clock(monkeypatch, timedelta(hours=1, seconds=1))
    assert written.database.run(announce_due) == 1
    early, real = (event.data["released_at"] for event in written.emitted(PUBLISHED))
    assert early < real


def test_one_written_after_results_day_is_announced_too(service: ServiceUnderTest) -> None:
    enter(service, entry("0001"), results_day=(clock.now() - timedelta(days=1)).isoformat())
    submit(service, mark("0001", 1, 1))
    service.allocate(CENTRE, PAPER)
    service.call("PUT", REPORT, MODERATOR, json=WRITTEN)
    assert service.database.run(announce_due) == 1
    service.call("PUT", REPORT, MODERATOR, json=WRITTEN | {"outcome": "adjusted"})
    assert service.database.run(announce_due) == 0
