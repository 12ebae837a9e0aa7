"""Marks in a file: the columns it has, and what each of its lines says of a candidate.

A blank cell says nothing: it never takes a mark away. Columns that only tell a reader something
(the name) are not looked at, and those that name the sheet only where they are filled.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from services.marks.domain.paper import CANDIDATE_NO, PaperRules, Series
from shared.csv_records import places_of, refuse_length
from shared.findings import InvalidValueError, LineFindings
from shared.i18n import gettext as _

MOST_LINES = 10_000
SHEET_COLUMNS = ("series", "qualification", "centre_no", "paper_code")
READ_ONLY_COLUMNS = ("name", "teaching_set")
# Compared with the sum of the tasks, where a file has it.
COMPARED_COLUMNS = ("total",)
VALUE_COLUMNS = ("code", "outcome", "teacher_initials")
_WHOLE = re.compile(r"[0-9]{1,9}")
_LETTERS = 26

Record = tuple[int, Sequence[object]]


@dataclass(frozen=True)
class SheetFile:
    """The sheet a file of marks is for."""

    series: Series
    qualification: str
    centre_no: str
    paper_code: str
    rules: PaperRules

    @property
    def task_columns(self) -> tuple[str, ...]:
        return tuple(f"task_{number}" for number, _task in enumerate(self.rules.tasks or (), 1))

    @property
    def required(self) -> tuple[str, ...]:
        values = ("outcome",) if self.rules.tasks is None else self.task_columns
        return ("candidate_no", *values)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a file that is downloaded, in their order."""
        return (
            *SHEET_COLUMNS,
            "candidate_no",
            *READ_ONLY_COLUMNS,
            *self.task_columns,
            *VALUE_COLUMNS,
            "version",
        )

    def named(self) -> dict[str, str]:
        """What the columns that name the sheet have to say."""
        values = (str(self.series), self.qualification, self.centre_no, self.paper_code)
        return dict(zip(SHEET_COLUMNS, values, strict=True))


@dataclass(frozen=True, slots=True)
class MarkLine:
    """What one line says; None says nothing. Tasks that are no whole numbers are still text."""

    line: int
    candidate_no: str
    tasks: tuple[int | str | None, ...]
    code: str | None
    outcome: str | None
    initials: str | None
    version: int | None
    total: int | None

    @property
    def values(self) -> list[str]:
        """The columns that give the mark: at most one kind of them may."""
        tasks = [f"task_{n}" for n, task in enumerate(self.tasks, 1) if task is not None][:1]
        others = [name for name in ("code", "outcome") if getattr(self, name) is not None]
        return tasks + others


def read_mark_lines(
    records: Iterable[Record], file: SheetFile, findings: LineFindings, *, workbook: bool = False
) -> Iterator[MarkLine]:
    """Yield what each good line says; what is wrong with the others goes to `findings`.

    UnprocessableError at once when the header is wrong. In a `workbook` numbers may be numbers,
    and errors name cells.
    """
    found = iter(records)
    _line, header = next(found, (1, []))
    names = [text_of(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    places = places_of(names, file.columns, file.required, findings, also=COMPARED_COLUMNS)
    if workbook:
        findings.cells = {name: _letter(place) for name, place in places.items()}
    seen: dict[str, int] = {}
    for line, record in found:
        if len(seen) > MOST_LINES:
            findings.add_line(
                line, "", _("A file of marks has at most %(most)s lines.", most=MOST_LINES)
            )
            return
        cells = _cells(line, record, places, findings)
        if cells is None:
            continue
        read = _mark_line(line, cells, file, findings)
        if read is not None and _is_first(read, seen, findings):
            yield read


def text_of(cell: object) -> str:
    """A cell as text: `15.0` is the whole number that a spreadsheet shows; nothing is empty."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _cells(
    line: int, record: Sequence[object], places: Mapping[str, int], findings: LineFindings
) -> dict[str, object] | None:
    """The cells of a line by column; None, and a finding, where they are not as many."""
    count, wanted = len(record), len(places)
    # A workbook leaves blank cells out at the end of a row; a CSV line is whole or broken.
    short = count < wanted and not findings.cells
    if not record or short or any(text_of(cell) for cell in record[wanted:]):
        refuse_length(line, count, wanted, findings)
        return None
    filled = [*record[:wanted], *[None] * (wanted - count)]
    return {name: filled[place] for name, place in places.items()}


def _mark_line(
    line: int, cells: Mapping[str, object], file: SheetFile, findings: LineFindings
) -> MarkLine | None:
    before = len(findings.errors)
    wrong = partial(findings.add_line, line)
    texts = {name: text_of(cell) for name, cell in cells.items()}
    for name, wanted in file.named().items():
        if texts.get(name, "") and not _same(name, texts[name], wanted):
            wrong(name, _("This marksheet is of %(wanted)s.", wanted=wanted))
    read = MarkLine(
        line=line,
        candidate_no=_candidate_no(cells["candidate_no"]),
        tasks=tuple(_task(texts[name]) for name in file.task_columns),
        code=texts.get("code") or None,
        outcome=texts.get("outcome") or None,
        initials=texts.get("teacher_initials") or None,
        version=_number("version", texts, findings, line),
        total=_number("total", texts, findings, line),
    )
    if not CANDIDATE_NO.fullmatch(read.candidate_no):
        wrong("candidate_no", _("Must be 4 digits."))
    if len(read.values) > 1:
        for name in read.values:
            wrong(name, _("Only one of marks, a code and an outcome may be given."))
    return read if len(findings.errors) == before else None


def _same(name: str, text: str, wanted: str) -> bool:
    if name == "series":
        try:
            return str(Series.parse(text)) == wanted
        except InvalidValueError:
            return False
    return text.casefold() == wanted.casefold()


def _candidate_no(cell: object) -> str:
    """Spreadsheets keep numbers, not their zeros: a cell that is a number gets them back."""
    text = text_of(cell)
    return text if isinstance(cell, str) else text.zfill(4)


def _task(text: str) -> int | str | None:
    if _WHOLE.fullmatch(text):
        return int(text)
    return text or None


def _number(name: str, texts: Mapping[str, str], findings: LineFindings, line: int) -> int | None:
    text = texts.get(name, "")
    if not text:
        return None
    if _WHOLE.fullmatch(text):
        return int(text)
    findings.add_line(line, name, _("Must be a whole number, 0 or more."))
    return None


def _is_first(read: MarkLine, seen: dict[str, int], findings: LineFindings) -> bool:
    first = seen.setdefault(read.candidate_no, read.line)
    if first == read.line:
        return True
    findings.add_line(
        read.line, "candidate_no", _("Line %(line)s has the same candidate.", line=first)
    )
    return False


def _letter(place: int) -> str:
    """The letters of a workbook's column: A, Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
