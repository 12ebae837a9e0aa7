"""Files read by the layout in use: the board's own, or without one the example."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files

from services.marks.domain.edi import first_line, fitting, read_records, write_records
from services.marks.domain.edi_layout import Kind, Layout, LayoutError
from services.marks.domain.edi_names import EdiName
from services.marks.domain.mark_file import READ_ONLY_COLUMNS, SheetFile
from shared.errors import ConflictError, FieldError, UnavailableError, UnprocessableError
from shared.findings import InvalidValueError, LineFindings
from shared.i18n import gettext as _
from shared.settings import settings

OWN = "edi-layout.json"
# The CSV files of entries and of marks both name it in their first line.
CSV_NAMES = b"candidate_no"
EDI = "application/edi-consent"
# What a sheet that is taken home tells a reader, and no EDI file has room for.
_LEFT_OUT = {*READ_ONLY_COLUMNS, "version"}


def layout_in_use() -> Layout:
    """Read anew each time, so that it can be replaced while services run; UnavailableError."""
    own = settings().home / OWN
    example = files("services.marks.edi") / "example.json"
    try:
        return Layout.parse(own.read_bytes() if own.is_file() else example.read_bytes())
    except LayoutError as error:
        said = _("The layout of EDI files is broken: %(why)s", why=str(error))
        raise UnavailableError(said, slug="edi-layout") from error


def edi_records(
    raw: bytes, kind: Kind, names: Sequence[str] | None, findings: LineFindings, name: str = ""
) -> Iterator[tuple[int, list[str]]] | None:
    """The records of an EDI file of this kind as of a CSV file; None where it is no EDI file.

    With `names`, in these columns. UnprocessableError where it is one of another kind.
    """
    if CSV_NAMES in raw.partition(b"\n")[0].lower():
        return None
    layout = layout_in_use()
    file = layout.file_of(first_line(raw, layout))
    if file is None:
        return None
    if file.kind != kind:
        said = _("This is an EDI file of another kind: it does not belong here.")
        raise UnprocessableError(said, [FieldError("", said)])
    records = read_records(raw, layout, file, findings, EdiName.parse(name))
    return records if names is None else fitting(records, names)


def marks_as_edi(file: SheetFile, rows: Iterable[Sequence[object]]) -> tuple[str, bytes]:
    """The name and content of a file with the rows of a sheet, the names of its columns first.

    ConflictError where the layout has no room for what there is.
    """
    layout = layout_in_use()
    try:
        letter = layout.letter_of("marks")
        content = write_records(layout, letter, file.named(), list(_lines(rows)))
    except (LayoutError, InvalidValueError) as error:
        said = _("The layout of EDI files has no room for these marks: %(why)s", why=str(error))
        raise ConflictError(said, slug="edi-layout") from error
    return str(EdiName(layout.body, file.centre_no, letter, 1)), content


def _lines(rows: Iterable[Sequence[object]]) -> Iterator[dict[str, str]]:
    names, *others = rows
    for row in others:
        yield {
            str(name): "" if value is None else str(value)
            for name, value in zip(names, row, strict=True)
            if name not in _LEFT_OUT
        }
