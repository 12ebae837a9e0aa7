"""The time, as every part of the system sees it: one clock that tests can move.

Instants are aware UTC datetimes; calendar days are those of the awarding body (Europe/London).
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.settings import settings

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return this instant in UTC, moved by `IAMIS_CLOCK_OFFSET`."""
    return datetime.now(UTC) + timedelta(seconds=settings().clock_offset)


def today() -> date:
    """The calendar day it is now in London."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The calendar day in London at `instant` (aware)."""
    return instant.astimezone(LONDON).date()


def end_of_day(day: date) -> datetime:
    """The last second of `day` in London, as an instant in UTC: when a deadline ends."""
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)
