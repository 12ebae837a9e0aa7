"""How dates, sizes and values are written on screens, as the guide has them: 31/05/2023, 615 kB."""

from collections.abc import Mapping
from datetime import date, datetime

from shared.clock import LONDON
from shared.i18n import gettext as _

STEP = 1000
UNITS = {"kB": STEP, "MB": STEP**2, "GB": STEP**3}
LARGEST_UNIT = ("GB", STEP**3)
# Below this a decimal tells something.
FINE = 10


def short_date(given: str) -> str:
    """`YYYY-MM-DD`, or an instant (RFC 3339, shown as the day in London), as dd/mm/yyyy."""
    if "T" in given:
        return f"{datetime.fromisoformat(given).astimezone(LONDON):%d/%m/%Y}"
    return f"{date.fromisoformat(given):%d/%m/%Y}"


def short_time(given: str) -> str:
    """An instant (RFC 3339) as dd/mm/yyyy hh:mm in London."""
    return f"{datetime.fromisoformat(given).astimezone(LONDON):%d/%m/%Y %H:%M}"


def file_size(size: int) -> str:
    """Bytes in the unit that reads best: 999 B, 615 kB, 1.2 MB."""
    if size < STEP:
        return f"{size} B"
    unit, in_bytes = next(
        (unit for unit in UNITS.items() if round(size / unit[1]) < STEP), LARGEST_UNIT
    )
    amount = size / in_bytes
    return f"{amount:.1f} {unit}" if round(amount, 1) < FINE else f"{amount:.0f} {unit}"


def spelt_out(value: object) -> str:
    """A value of JSON as people read it; what is within another stands in brackets."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Mapping):
        return f"({', '.join(f'{name}: {spelt_out(one)}' for name, one in value.items())})"
    if isinstance(value, list):
        return ", ".join(map(spelt_out, value)) or _("none")
    return _("none") if value is None or value == "" else str(value)
