"""The clock: offsets and the days of London."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import clock
from shared.settings import settings

DAYS = st.dates(date(2000, 1, 1), date(2037, 12, 31))


@pytest.fixture(autouse=True)
def _fresh_settings() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2031, 1, 15), datetime(2031, 1, 15, 23, 59, 59, tzinfo=UTC)),
        (date(2031, 6, 15), datetime(2031, 6, 15, 22, 59, 59, tzinfo=UTC)),
        # The clocks change on these two days.
        (date(2031, 3, 30), datetime(2031, 3, 30, 22, 59, 59, tzinfo=UTC)),
        (date(2031, 10, 26), datetime(2031, 10, 26, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_its_last_second_in_london(day: date, end: datetime) -> None:
    assert clock.end_of_day(day) == end
    assert clock.end_of_day(day).tzinfo is UTC


@given(DAYS)
def test_the_end_of_a_day_is_in_that_day_and_the_next_second_is_not(day: date) -> None:
    end = clock.end_of_day(day)

    assert clock.day_of(end) == day
    assert clock.day_of(end + timedelta(seconds=1)) == day + timedelta(days=1)


def test_now_is_utc_and_moved_by_the_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IAMIS_STACK", "embedded")
    monkeypatch.setenv("IAMIS_CLOCK_OFFSET", str(400 * 86400))

    before = datetime.now(UTC)
    moved = clock.now()
    after = datetime.now(UTC)

    assert before + timedelta(days=400) <= moved <= after + timedelta(days=400)
    assert moved.tzinfo is UTC
    assert clock.today() in {clock.day_of(moved), clock.day_of(clock.now())}
