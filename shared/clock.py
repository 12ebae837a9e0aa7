"""The time, as every part of the system sees it: one clock that tests can move.

Instants are aware UTC datetimes; calendar days are those of the awarding body (Europe/London).
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.settings import settings

LONDON = ZoneInfo("Europe/London")
# Hours of the day in London between which people are reminded.
BEGINS, ENDS = 8, 18


def now() -> datetime:
    """Return this instant in UTC, moved by `IAMIS_CLOCK_OFFSET`."""
    return datetime.now(UTC) + timedelta(seconds=settings().clock_offset)


def today() -> date:
    """The calendar day it is now in London."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The calendar day in London at `instant` (aware)."""
    return instant.astimezone(LONDON).date()


def is_daytime(instant: datetime) -> bool:
    """Whether people may be reminded at `instant` (aware)."""
    return BEGINS <= instant.astimezone(LONDON).hour < ENDS


def end_of_day(day: date) -> datetime:
    """The last second of `day` in London, as an instant in UTC: when a deadline ends."""
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)
