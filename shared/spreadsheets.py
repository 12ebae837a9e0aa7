"""Tables as files: written so that no cell is taken for a formula, and workbooks read in bounds.

CSV is RFC 4180 in UTF-8 with a byte-order mark: without one, spreadsheets take it for the local
8-bit code and spoil Welsh names; programs that read UTF-8 know the mark (Python: `utf-8-sig`).
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
ZIP_BEGINS = b"PK\x03\x04"

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
CSV_CHUNK = 16 * 1024

# What a workbook may be once it is unpacked: a few kilobytes can hold gigabytes of zeros.
MOST_UNPACKED = 32 * 1024 * 1024
MOST_PARTS = 1000
MOST_ROWS = 20_000
MOST_COLUMNS = 100

# A spreadsheet takes a cell that begins with one of these for a formula, even when it is quoted;
# East Asian versions take the full-width forms of the signs as well.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
# What the reader of workbooks may meet in a file that is none, or that somebody made to break it.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)

Row = Sequence[object]


class BrokenWorkbookError(ValueError):
    """No XLSX file, or one larger than anybody needs."""


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula."""
    return text.startswith(_FORMULA)


def safe_cell(text: str) -> str:
    """The text as a spreadsheet may be given it: never the beginning of a formula."""
    return f"'{text}" if begins_formula(text) else text


def plain_cell(text: str) -> str:
    """The text that `safe_cell` made safe."""
    return text[1:] if text.startswith("'") and begins_formula(text[1:]) else text


def file_name(*parts: object) -> str:
    """A name any system takes, from parts that may hold slashes and spaces (`9791/01`)."""
    joined = "-".join(str(part) for part in parts)
    return re.sub(r"[^A-Za-z0-9]+", "-", joined).strip("-").lower()


def as_csv(rows: Iterable[Row]) -> Iterator[bytes]:
    """The rows as CSV, in chunks; before the first, rows were asked for."""
    text = io.StringIO(newline="")
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    for row in rows:
        writer.writerow(safe_cell(cell) if isinstance(cell, str) else cell for cell in row)
        if text.tell() >= CSV_CHUNK:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken


def as_xlsx(rows: Iterable[Row], title: str) -> bytes:
    """The rows as a workbook of one sheet, its heads frozen; text stays text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"

    def cell(value: object) -> object:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, value)
        made.data_type = "s"
        made.quotePrefix = begins_formula(value)
        return made

    for row in rows:
        sheet.append([cell(value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def read_xlsx(raw: bytes) -> Iterator[tuple[int, Row]]:
    """Each row of the first sheet with its number, counted from 1; those left blank are none.

    Of a formula it gives the value that was last computed. BrokenWorkbookError, maybe after some
    rows, where it is not XLSX or larger than allowed: in bytes once unpacked, or in rows.
    """
    try:
        _require_small(raw)
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        try:
            rows = book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True)
            for number, row in enumerate(rows, 1):
                if number > MOST_ROWS:
                    raise BrokenWorkbookError("too many rows")
                filled = _filled(row)
                if filled:
                    yield number, filled
        finally:
            book.close()
    except _BROKEN as error:
        raise BrokenWorkbookError(type(error).__name__) from error


def _filled(row: Row) -> Row:
    """The row up to its last cell that holds anything."""
    filled = list(row)
    while filled and filled[-1] is None:
        filled.pop()
    return filled


def _require_small(raw: bytes) -> None:
    """What the directory of a ZIP file says is also the most that is unpacked of it."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BrokenWorkbookError("too large")
