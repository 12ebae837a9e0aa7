"""The records of a CSV file, as they are read from its lines, and where each column stands."""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from shared.findings import LineFindings
from shared.i18n import gettext as _

LONGEST_SHOWN = 40
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


def places_of(
    header: Sequence[str],
    columns: Collection[str],
    required: Collection[str],
    findings: LineFindings,
    also: Collection[str] = (),
) -> Mapping[str, int]:
    """Where each column stands, by its name in small letters.

    UnprocessableError where one of the `required` is missing, or any is there twice or neither of
    `columns`, which a reader is told of, nor of those that are taken `also`.
    """
    names = [name.strip().lower() for name in header]
    for name in required:
        if name not in names:
            findings.add_line(1, name, _("This column is missing."))
    for name in dict.fromkeys(names):
        if name not in columns and name not in also:
            said = _("The column %(name)s is not known.", name=ascii(name[:LONGEST_SHOWN]))
            findings.add_line(1, "", said)
        elif names.count(name) > 1:
            findings.add_line(1, name, _("This column stands there twice."))
    findings.refuse(_("The first line must name the columns: %(names)s.", names=",".join(columns)))
    return {name: place for place, name in enumerate(names)}


def refuse_length(line: int, count: int, wanted: int, findings: LineFindings) -> None:
    """Say of a record that it has not as many values as there are columns, or cannot be read."""
    if count:
        said = _("There are %(count)s values, not %(wanted)s.", count=count, wanted=wanted)
    else:
        said = _("A quote stands where none may, or is never closed.")
    findings.add_line(line, "", said)
