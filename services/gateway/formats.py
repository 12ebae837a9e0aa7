"""How dates and values are written on screens, as the guide has them: 31/05/2023."""

from collections.abc import Mapping
from datetime import date, datetime

from shared.clock import LONDON
from shared.i18n import gettext as _


def short_date(given: str) -> str:
    """`YYYY-MM-DD`, or an instant (RFC 3339, shown as the day in London), as dd/mm/yyyy."""
    if "T" in given:
        return f"{datetime.fromisoformat(given).astimezone(LONDON):%d/%m/%Y}"
    return f"{date.fromisoformat(given):%d/%m/%Y}"


def short_time(given: str) -> str:
    """An instant (RFC 3339) as dd/mm/yyyy hh:mm in London."""
    return f"{datetime.fromisoformat(given).astimezone(LONDON):%d/%m/%Y %H:%M}"


def spelt_out(value: object) -> str:
    """A value of JSON as people read it; what is within another stands in brackets."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Mapping):
        return f"({', '.join(f'{name}: {spelt_out(one)}' for name, one in value.items())})"
    if isinstance(value, list):
        return ", ".join(map(spelt_out, value)) or _("none")
    return _("none") if value is None or value == "" else str(value)
