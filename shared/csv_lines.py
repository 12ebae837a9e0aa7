"""A CSV file read line by line, each column by its own rule, with all that is wrong named."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.csv_records import places_of, records, refuse_length
from shared.findings import InvalidValueError, LineFindings
from shared.i18n import gettext as _
from shared.spreadsheets import plain_cell


@dataclass(frozen=True)
class Column:
    """A column of the file; `read` raises InvalidValueError with the sentence for the user."""

    name: str
    read: Callable[[str], Any]
    required: bool = True


Line = tuple[int, Mapping[str, Any]]


def read_lines(
    source: Iterable[bytes], columns: Sequence[Column], findings: LineFindings, most: int
) -> Iterator[Line]:
    """Yield each good line, its number and its values by column; the header is line 1.

    What is wrong with the others goes to `findings`. UnprocessableError at once when the header is
    wrong; of more than `most` lines the rest is not read. A column that may be missing, and is,
    has no value.
    """
    found = records(source)
    known = {column.name: column for column in columns}
    required = [column.name for column in columns if column.required]
    header = [plain_cell(name) for name in next(found, (1, []))[1]]
    here = [known[name] for name in places_of(header, known, required, findings)]
    for count, (line, row) in enumerate(found, 1):
        if count > most:
            findings.add_line(line, "", _("The file may have %(most)s lines at most.", most=most))
            return
        if len(row) == len(here):
            values = _values(line, here, row, findings)
            if values is not None:
                yield line, values
        else:
            refuse_length(line, len(row), len(here), findings)


def _values(
    line: int, columns: Sequence[Column], row: Sequence[str], findings: LineFindings
) -> Mapping[str, Any] | None:
    values: dict[str, Any] = {}
    for column, cell in zip(columns, row, strict=True):
        try:
            values[column.name] = column.read(plain_cell(cell))
        except InvalidValueError as invalid:
            findings.add_line(line, column.name, str(invalid))
    return values if len(values) == len(columns) else None


def joined(names: Iterable[str]) -> str:
    """Several names in one cell, with commas between them; one that has a comma is quoted."""
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(names)
    return written.getvalue()


def split(cell: str) -> list[str]:
    """The names that `joined` put into one cell, or that somebody typed, without blank ones."""
    parts = csv.reader(cell.splitlines(), skipinitialspace=True)
    return [name for part in parts for name in (each.strip() for each in part) if name]
