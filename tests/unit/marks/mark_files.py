"""Files of marks for the tests: as they are downloaded, changed and sent back."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.test import TestResponse

from shared.spreadsheets import CSV, XLSX, as_xlsx, read_xlsx
from tests.support.service import ServiceUnderTest
from tests.unit.marks.sheets import ADMIN, sheet_path

Row = dict[str, Any]


def as_csv(*rows: Mapping[str, object]) -> bytes:
    """Rows as CSV; the names of the first are the columns."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_workbook(*rows: Mapping[str, object]) -> bytes:
    return as_xlsx([list(rows[0]), *(list(row.values()) for row in rows)], "Marks")


def export(marks: ServiceUnderTest, paper: str, kind: str = "csv", **query: str) -> TestResponse:
    path = sheet_path(paper, "exports/marks")
    return marks.call("GET", path, ADMIN, query_string={"format": kind, **query})


def rows_of_export(marks: ServiceUnderTest, paper: str, kind: str = "csv") -> list[Row]:
    """The rows of the sheet as it is downloaded."""
    content = export(marks, paper, kind).data
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    (_line, heads), *rows = read_xlsx(content)
    names = [str(head) for head in heads]
    return [dict(zip(names, _padded(row, len(names)), strict=True)) for _number, row in rows]


def _padded(row: Sequence[object], count: int) -> list[object]:
    return [*row, *[None] * (count - len(row))]


def send(marks: ServiceUnderTest, paper: str, raw: bytes, who: Any = ADMIN, **query: object) -> Any:
    """Import the file, as what it is."""
    media = XLSX if raw.startswith(b"PK") else CSV
    path = sheet_path(paper, "imports/marks")
    return marks.call("POST", path, who, data=raw, content_type=media, query_string=query)
