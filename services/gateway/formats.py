"""How dates, as the guide has them: 31/05/2023, and names are written on screens."""

from datetime import date, datetime

from shared.clock import LONDON


def short_date(given: str) -> str:
    """`YYYY-MM-DD`, or an instant (RFC 3339, shown as the day in London), as dd/mm/yyyy."""
    if "T" in given:
        return f"{datetime.fromisoformat(given).astimezone(LONDON):%d/%m/%Y}"
    return f"{date.fromisoformat(given):%d/%m/%Y}"


def short_time(given: str) -> str:
    """An instant (RFC 3339) as dd/mm/yyyy hh:mm in London, on one line."""
    return f"{datetime.fromisoformat(given).astimezone(LONDON):%d/%m/%Y\u00a0%H:%M}"


def as_name(given: str) -> str:
    """`SURNAME : FORENAMES`, of which no line begins with the colon."""
    return given.replace(" :", "\N{NO-BREAK SPACE}:")
