"""Entries as the board sends them: one CSV line adds or withdraws one candidate of a paper."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from services.marks.domain.paper import CANDIDATE_NO, PAPER_CODE, Series
from services.marks.domain.text import LONGEST_NAME, read_required, read_text
from shared.csv_records import places_of, records, refuse_length
from shared.findings import InvalidValueError, LineFindings
from shared.i18n import gettext as _
from shared.ids import CENTRE_NO

COLUMNS = (
    "series",
    "qualification",
    "centre_no",
    "paper_code",
    "candidate_no",
    "uci",
    "surname",
    "forenames",
    "dob",
    "teaching_set",
    "action",
)
UCI_LENGTH = 13
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Action(StrEnum):
    """What a line asks for."""

    ADD = "A"
    WITHDRAW = "W"


@dataclass(frozen=True, slots=True)
class Entry:
    """One good line of the file; `line` counts the header as 1. Text is trimmed and in NFC."""

    line: int
    series: Series
    qualification: str
    centre_no: str
    paper_code: str
    candidate_no: str
    uci: str
    surname: str
    forenames: str
    dob: date
    teaching_set: str
    action: Action


_Readers = Sequence[tuple[str, Callable[[str], Any]]]


def read_entries(source: Iterable[bytes], today: date, findings: LineFindings) -> Iterator[Entry]:
    """Yield each good entry of a CSV file, given as its lines (an open binary file is one)."""
    return entries_of(records(source), today, findings)


def entries_of(
    found: Iterator[tuple[int, list[str]]], today: date, findings: LineFindings
) -> Iterator[Entry]:
    """Yield each good entry of these records, the names of the columns first.

    What is wrong with the other lines goes to `findings`; the caller adds what only it knows
    and calls `findings.refuse()` after the last entry: so a file of any size is stored as it is
    read, and rolled back if need be. UnprocessableError at once when the header is wrong.
    """
    places = places_of(next(found, (1, []))[1], COLUMNS, COLUMNS, findings)
    columns = itemgetter(*[places[name] for name in COLUMNS])
    readers = _readers(today)
    seen: dict[tuple[Series, str, str], dict[str, int]] = {}
    for line, row in found:
        if len(row) != len(COLUMNS):
            refuse_length(line, len(row), len(COLUMNS), findings)
        else:
            entry = _entry(line, columns(row), readers, findings)
            if entry is not None and _is_new(entry, seen, findings):
                yield entry


def _readers(today: date) -> _Readers:
    """What reads each of COLUMNS; values that repeat from line to line are read once."""
    text = partial(read_required, longest=LONGEST_NAME)
    return (
        ("series", lru_cache(Series.parse)),
        ("qualification", lru_cache(text)),
        ("centre_no", lru_cache(_read_centre_no)),
        ("paper_code", lru_cache(_read_paper_code)),
        ("candidate_no", lru_cache(10_000)(_read_candidate_no)),
        ("uci", _read_uci),
        ("surname", text),
        ("forenames", text),
        ("dob", lru_cache(10_000)(partial(_read_dob, today))),
        ("teaching_set", lru_cache(partial(read_text, longest=LONGEST_NAME))),
        ("action", lru_cache(_read_action)),
    )


def field_readers(today: date, names: Sequence[str]) -> _Readers:
    """What reads each of these columns, for values that come in another way than by a file."""
    readers = dict(_readers(today))
    return [(name, readers[name]) for name in names]


def _entry(
    line: int, values: Sequence[str], readers: _Readers, findings: LineFindings
) -> Entry | None:
    row = tuple(zip(readers, values, strict=True))
    try:
        return Entry(line, *[read(value) for (_column, read), value in row])
    except InvalidValueError:
        for (column, read), value in row:
            try:
                read(value)
            except InvalidValueError as invalid:
                findings.add_line(line, column, str(invalid))
        return None


def _is_new(
    entry: Entry, seen: dict[tuple[Series, str, str], dict[str, int]], findings: LineFindings
) -> bool:
    """Whether no earlier line had its candidate and paper (a code is unique in its series)."""
    lines = seen.setdefault((entry.series, entry.paper_code, entry.centre_no), {})
    first = lines.setdefault(entry.candidate_no, entry.line)
    if first == entry.line:
        return True
    said = _("Line %(line)s has the same candidate and paper.", line=first)
    findings.add_line(entry.line, "candidate_no", said)
    return False


def _read_centre_no(text: str) -> str:
    return _read_pattern(CENTRE_NO, text, _("Must be 5 digits."))


def _read_candidate_no(text: str) -> str:
    return _read_pattern(CANDIDATE_NO, text, _("Must be 4 digits."))


def _read_paper_code(text: str) -> str:
    return _read_pattern(PAPER_CODE, text, _("Must be 4 to 10 of the characters 0-9, A-Z and /."))


def _read_pattern(pattern: re.Pattern[str], text: str, otherwise: str) -> str:
    value = text.strip()
    if not pattern.fullmatch(value):
        raise InvalidValueError(otherwise)
    return value


def _read_uci(text: str) -> str:
    """Only the length is checked: how the check letter is made is not published."""
    uci = read_text(text, longest=LONGEST_NAME)
    if uci and len(uci) != UCI_LENGTH:
        raise InvalidValueError(_("Must be %(length)s characters, or empty.", length=UCI_LENGTH))
    return uci


def _read_dob(today: date, text: str) -> date:
    value = text.strip()
    try:
        # fromisoformat alone would also read 20150329 and 2015-W13-7.
        born = date.fromisoformat(value if _ISO_DATE.fullmatch(value) else "")
    except ValueError:
        raise InvalidValueError(_("Must be a date written as 2015-03-29.")) from None
    if born > today:
        raise InvalidValueError(_("Must not be in the future."))
    return born


def _read_action(text: str) -> Action:
    try:
        return Action(text.strip().upper())
    except ValueError:
        raise InvalidValueError(_("Must be A (add) or W (withdraw).")) from None
