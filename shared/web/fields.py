"""Days and instants in JSON bodies: read as written in RFC 3339, and never from numbers."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from shared import clock
from shared.ids import CENTRE_NO, IDENTIFIER

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# What is finer than a microsecond is cut off; the bound keeps it a text that somebody has meant.
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,100})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)

# The most rows that one request brings or asks for: a whole marksheet.
MOST_ROWS = 2000


def _day(value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # 30 February
    raise PydanticCustomError("date_parsing", "not a date")


def _instant(value: object) -> datetime:
    text = value.upper() if isinstance(value, str) else ""
    if _INSTANT.fullmatch(text):
        try:
            instant = datetime.fromisoformat(text).astimezone(UTC)
            clock.day_of(instant)
        except (ValueError, OverflowError):
            pass  # 30 February; a moment before year 1 or after 9999, here or in London
        else:
            return instant
    raise PydanticCustomError("datetime_parsing", "not an instant")


def _named_is_set(value: object) -> object:
    return True if value == "" else value


Flag = Annotated[bool, BeforeValidator(_named_is_set)]
"""A switch of a query: `?dry_run` and `?dry_run=` set it, as `?dry_run=true` does."""

CentreNo = Annotated[str, Field(pattern=f"^{CENTRE_NO.pattern}$")]
"""The number of a centre, five digits."""

PaperId = Annotated[str, Field(pattern=f"^{IDENTIFIER}$")]
"""The id of a paper, opaque."""

Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day, `2031-05-10`."""

Instant = Annotated[datetime, BeforeValidator(_instant)]
"""An instant with its offset, `2031-08-21T08:00:00+01:00`; in UTC once read."""


def prose(longest: int) -> StringConstraints:
    """Text of one or more lines that says something; PostgreSQL stores no NUL."""
    return StringConstraints(
        strip_whitespace=True, min_length=1, max_length=longest, pattern=r"^[^\x00]*$"
    )
