"""Due dates in working days: weekends and the bank holidays of Wales and England are left out."""

from datetime import UTC, date, datetime

import pytest

from shared import clock
from shared.working_days import add_working_days, is_working_day
from tests.support.service import MODERATOR, ServiceUnderTest
from tests.unit.sampling.events import NOTE, REQUESTS


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2031, 5, 6), 0, date(2031, 5, 6)),
        (date(2031, 5, 6), 1, date(2031, 5, 7)),
        (date(2031, 5, 9), 1, date(2031, 5, 12)),
        (date(2031, 5, 10), 1, date(2031, 5, 12)),
        # Early May bank holiday, 5 May 2031.
        (date(2031, 5, 2), 1, date(2031, 5, 6)),
        # Good Friday and Easter Monday, 11 and 14 April 2031.
        (date(2031, 4, 10), 1, date(2031, 4, 15)),
        # Christmas of 2032 is a Saturday: 27 and 28 December are in its place and Boxing Day's.
        (date(2032, 12, 24), 1, date(2032, 12, 29)),
        (date(2031, 12, 24), 4, date(2032, 1, 2)),
    ],
)
def test_so_many_working_days_later(day: date, count: int, due: date) -> None:
    assert add_working_days(day, count) == due


def test_saint_davids_day_is_no_bank_holiday() -> None:
    assert is_working_day(date(2032, 3, 1))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"working_days": 1}, 201),
        ({"due": "2031-05-06"}, 201),
        ({}, 422),
        ({"due": "2031-05-06", "working_days": 1}, 422),
        ({"working_days": 0}, 422),
        ({"working_days": 61}, 422),
        ({"working_days": "1"}, 422),
    ],
)
def test_a_further_request_says_by_when(
    generated: ServiceUnderTest,
    monkeypatch: pytest.MonkeyPatch,
    asked: dict[str, object],
    status: int,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 5, 2, 12, tzinfo=UTC))
    body = {"candidate_nos": ["0002"], "note": NOTE, **asked}
    answer = generated.call("POST", REQUESTS, MODERATOR, json=body)
    assert answer.status_code == status
    if status == 201:
        added = (answer.json or {})["candidates"][1]
        assert (added["candidate_no"], added["due"]) == ("0002", "2031-05-06")
