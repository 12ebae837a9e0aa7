"""The records of a CSV file, as they are read from its lines."""

import csv
from collections.abc import Iterable, Iterator

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def records(source: Iterable[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on; an empty one is a record that cannot be read.

    Lines left blank are no records.
    """
    reader = csv.reader(_lines(source), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error:
            yield line, []
            continue
        if row is None:
            return
        if row:
            yield line, row


def _lines(source: Iterable[bytes]) -> Iterator[str]:
    """Decoded lines; bytes that are not UTF-8 become surrogates, which no reader accepts."""
    mark = _BYTE_ORDER_MARK
    for line in source:
        yield line.removeprefix(mark).decode("utf-8", "surrogateescape")
        mark = b""
