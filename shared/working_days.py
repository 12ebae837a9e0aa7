"""Working days: neither weekends nor bank holidays of Wales or of England."""

from datetime import date, timedelta
from functools import cache

import holidays

SATURDAY = 5
LONGEST = 60
# Nobody counts the working days of more than five years.
FARTHEST = timedelta(days=5 * 366)


def add_working_days(day: date, count: int) -> date:
    """The day that is so many working days after `day`; none are added on a day off."""
    left = count
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in _bank_holidays(day.year)


@cache
def _bank_holidays(year: int) -> set[date]:
    """The centre may be in either country, and its awarding body in the other."""
    of = (holidays.country_holidays("GB", subdiv=part, years=year) for part in ("ENG", "WLS"))
    return {day for listed in of for day in listed}


def working_days_until(day: date, deadline: date) -> int | None:
    """How many working days come after `day`, the deadline's own counted; 0 where it is past.

    None where it is years away.
    """
    if deadline - day > FARTHEST:
        return None
    days = (day + timedelta(count) for count in range(1, (deadline - day).days + 1))
    return sum(map(is_working_day, days))
