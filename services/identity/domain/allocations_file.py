"""A file of allocations: one line gives a moderator a centre's paper, or takes it from them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.identity.domain.accounts import email_key
from shared.csv_lines import Column, read_lines
from shared.findings import InvalidValueError, LineFindings
from shared.i18n import gettext as _
from shared.ids import CENTRE_NO

MOST_LINES = 5000
LONGEST = 320
PAPER_CODE = re.compile(r"[0-9A-Z/]{4,10}")
SERIES = re.compile(r"[A-Z]+ [0-9]{4}")

Action = Literal["A", "W"]


@dataclass(frozen=True)
class AllocationLine:
    """What a line asks for: to allocate (`A`) or to withdraw (`W`)."""

    line: int
    email: str
    centre_no: str
    series: str
    paper_code: str
    action: Action

    @property
    def key(self) -> tuple[str, str, str, str]:
        return email_key(self.email), self.centre_no, self.series, self.paper_code


def read_allocations(source: Iterable[bytes], findings: LineFindings) -> Sequence[AllocationLine]:
    """The good lines; what is wrong with the others goes to `findings`."""
    seen: dict[tuple[str, str, str, str], int] = {}
    lines = []
    for number, values in read_lines(source, COLUMNS, findings, MOST_LINES):
        line = AllocationLine(number, **values)
        first = seen.setdefault(line.key, number)
        if first == number:
            lines.append(line)
        else:
            said = _("Line %(line)s has the same moderator, centre and paper.", line=first)
            findings.add_line(number, "email", said)
    return lines


def series_name(series: Mapping[str, Any]) -> str:
    """A series as files have it: `JUNE 2031`."""
    return f"{series['month']} {series['year']}"


def _email(cell: str) -> str:
    email = " ".join(cell.split())
    if not email or len(email) > LONGEST or not email.isprintable():
        raise InvalidValueError(_("This must be an email address."))
    return email


def _series(cell: str) -> str:
    series = " ".join(cell.split()).upper()
    if not SERIES.fullmatch(series):
        raise InvalidValueError(_("A series is a month and a year, such as JUNE 2031."))
    return series


def _centre_no(cell: str) -> str:
    return _pattern(CENTRE_NO, cell, _("Must be 5 digits."))


def _paper_code(cell: str) -> str:
    return _pattern(PAPER_CODE, cell, _("Must be 4 to 10 of the characters 0-9, A-Z and /."))


def _action(cell: str) -> str:
    return _pattern(re.compile("[AW]"), cell, _("Must be A (allocate) or W (withdraw)."))


def _pattern(pattern: re.Pattern[str], cell: str, otherwise: str) -> str:
    value = cell.strip().upper()
    if not pattern.fullmatch(value):
        raise InvalidValueError(otherwise)
    return value


COLUMNS = (
    Column("email", _email),
    Column("centre_no", _centre_no),
    Column("series", _series),
    Column("paper_code", _paper_code),
    Column("action", _action),
)
