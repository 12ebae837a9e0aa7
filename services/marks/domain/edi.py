"""EDI files: their records as those of a CSV file, and the other way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from services.marks.domain.edi_layout import FileLayout, Layout, RecordLayout
from services.marks.domain.edi_names import EdiName
from shared.findings import InvalidValueError, LineFindings
from shared.i18n import gettext as _

LINES = "lines"
Values = Mapping[str, str]


def first_line(raw: bytes, layout: Layout) -> str:
    """As far as it can be read: enough to tell what kind of file this is."""
    return raw.partition(b"\n")[0][:200].decode(layout.encoding, "replace")


def read_records(
    raw: bytes,
    layout: Layout,
    file: FileLayout,
    findings: LineFindings,
    name: EdiName | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """The records as a CSV file has them, its line of names first; what is wrong to `findings`.

    Each line has what the header says, too; that has to be of the centre which the `name` of the
    file says.
    """
    lines = _decoded(raw, layout)
    header = _values(1, lines[0], file.of_role("header"), findings)
    if name is not None and header.get("centre_no", name.centre_no) != name.centre_no:
        said = _("The name of the file says %(centre_no)s.", centre_no=name.centre_no)
        findings.add_line(1, "centre_no", said)
    body = file.of_role("line")
    yield 1, [*header, *(field.name for field in body.fields)]
    count, ended = 0, False
    for number, text in enumerate(lines[1:], 2):
        record = file.record_of(text)
        if ended or record is None or record.role == "header":
            findings.add_line(number, "", _said(ended=ended))
        elif record.role == "trailer":
            ended = True
            _check_count(number, text, record, count, findings)
        else:
            count += 1
            before = len(findings.errors)
            values = _values(number, text, body, findings)
            if len(findings.errors) == before:
                yield number, [*header.values(), *values.values()]
    if not ended:
        findings.add_line(len(lines) + 1, "", _("The last record of the file is missing."))


def write_records(layout: Layout, letter: str, header: Values, lines: Sequence[Values]) -> bytes:
    """A file with these values; InvalidValueError where one does not fit."""
    file = layout.files[letter]
    _require_room(file, [header, *lines])
    records = [
        _written(file.of_role("header"), header),
        *(_written(file.of_role("line"), line) for line in lines),
        _written(file.of_role("trailer"), {LINES: str(len(lines))}),
    ]
    try:
        return "".join(f"{record}\r\n" for record in records).encode(layout.encoding)
    except UnicodeEncodeError as error:
        said = _("Has characters that the encoding of the file does not have.")
        raise InvalidValueError(said) from error


def _require_room(file: FileLayout, given: Iterable[Values]) -> None:
    """InvalidValueError where there is a value that no record of the file has a field for."""
    known = {field.name for record in file.records for field in record.fields}
    spare = {name for values in given for name, text in values.items() if text} - known
    if spare:
        raise InvalidValueError(_("Has no field for: %(names)s.", names=", ".join(sorted(spare))))


def _decoded(raw: bytes, layout: Layout) -> list[str]:
    """The lines; bytes that are no text become a sign that no reader accepts."""
    text = raw.decode(layout.encoding, "surrogateescape").removeprefix("\ufeff")
    # Not `splitlines`, which ends lines at signs that names may hold.
    lines = [line.removesuffix("\r") for line in text.rstrip("\r\n\x1a").split("\n")]
    return lines or [""]


def _values(number: int, text: str, record: RecordLayout, findings: LineFindings) -> dict[str, str]:
    if len(text.rstrip()) > record.length:
        said = _("Has more than %(length)s characters.", length=record.length)
        findings.add_line(number, "", said)
    values: dict[str, str] = {}
    for field in record.fields:
        try:
            values[field.name] = field.read(text)
        except InvalidValueError as invalid:
            values[field.name] = ""
            findings.add_line(number, field.name, str(invalid))
    return values


def _check_count(
    number: int, text: str, record: RecordLayout, count: int, findings: LineFindings
) -> None:
    said = _values(number, text, record, findings).get(LINES, "")
    if said and int(said) != count:
        detail = _("The file has %(count)s lines, not %(said)s.", count=count, said=int(said))
        findings.add_line(number, LINES, detail)


def _said(*, ended: bool) -> str:
    if ended:
        return _("Stands after the last record of the file.")
    return _("This is no record of such a file.")


def _written(record: RecordLayout, values: Values) -> str:
    text = record.starts
    for field in sorted(record.fields, key=lambda each: each.at):
        text = text.ljust(field.at - 1) + field.write(values.get(field.name, ""))
    return text.rstrip() if record.role == "line" else text


def fitting(
    records: Iterable[tuple[int, Sequence[str]]], names: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    """The same with these columns: without others that nobody fills, and with those that lack."""
    held = list(records)
    header = list(held[0][1])
    spare = [
        place
        for place, name in enumerate(header)
        if name not in names and not any(record[place] for _line, record in held[1:])
    ]
    keep = [place for place in range(len(header)) if place not in spare]
    added = [name for name in names if name not in header]
    for line, record in held:
        fill = added if record is held[0][1] else [""] * len(added)
        yield line, [*(record[place] for place in keep), *fill]
