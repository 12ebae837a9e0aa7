"""The layout of EDI files: which records there are, and which characters of them are what.

Layouts are data (`services/marks/edi/example.json`): those of the awarding bodies are not public,
and a board puts its own in the place of ours.
"""

import re
from collections.abc import Callable, Mapping
from itertools import permutations
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.marks.domain.paper import MONTHS, Series
from shared.findings import InvalidValueError
from shared.i18n import gettext as _

Kind = Literal["entries", "marks"]
_STRICT = ConfigDict(extra="forbid", frozen=True)
_DAY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_MONTH = re.compile(r"([0-9]{2})([0-9]{4})")
_NUMBER = re.compile(r"[0-9]+")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


class LayoutError(ValueError):
    """A layout that cannot be one; its text says why."""


class FieldLayout(BaseModel):
    """Some characters of a record: `length` of them, the first of a record being 1.

    A `number` stands at the right with zeros before it, everything else at the left with spaces
    after it; a `date` is DDMMYYYY and a `series` MMYYYY. `codes` are ours by those of the file.
    Whatever it is, nothing but spaces is an empty value.
    """

    model_config = _STRICT

    name: Annotated[str, Field(pattern="^[a-z_0-9]{1,40}$")]
    at: Annotated[int, Field(ge=1, le=10_000)]
    length: Annotated[int, Field(ge=1, le=1000)]
    format: Literal["text", "number", "date", "series"] = "text"
    codes: Mapping[str, str] | None = None

    @property
    def end(self) -> int:
        return self.at - 1 + self.length

    def read(self, record: str) -> str:
        """The value, as a CSV file has it; InvalidValueError."""
        text = record[self.at - 1 : self.end].strip()
        if not text:
            return ""
        if self.codes is not None:
            found = {code.casefold(): ours for code, ours in self.codes.items()}
            if text.casefold() not in found:
                raise InvalidValueError(_("Must be one of: %(names)s.", names=", ".join(found)))
            return found[text.casefold()]
        return _READ[self.format](text)

    def write(self, value: str) -> str:
        """The characters of a value as a CSV file has it; InvalidValueError if it does not fit."""
        text = _WRITE[self.format](value) if value else ""
        if self.codes is not None and value:
            theirs = {ours: code for code, ours in self.codes.items()}
            if value not in theirs:
                raise InvalidValueError(_("Must be one of: %(names)s.", names=", ".join(theirs)))
            text = theirs[value]
        if len(text) > self.length or text != text.strip() or "\n" in text or "\r" in text:
            raise InvalidValueError(
                _("Does not fit into %(length)s characters.", length=self.length)
            )
        if self.format == "number" and text:
            return text.zfill(self.length)
        return text.ljust(self.length)


class RecordLayout(BaseModel):
    """A kind of record, told from the others by what it starts with."""

    model_config = _STRICT

    role: Literal["header", "line", "trailer"]
    starts: Annotated[str, Field(min_length=1, max_length=20)]
    fields: tuple[FieldLayout, ...]

    @model_validator(mode="after")
    def _apart(self) -> Self:
        """No character is of two fields, or of one and of the start."""
        end = len(self.starts)
        for field in sorted(self.fields, key=lambda each: each.at):
            if field.at <= end:
                message = f"{self.starts}: {field.name} begins within what is before it"
                raise ValueError(message)
            end = field.end
        return self

    @property
    def length(self) -> int:
        return max((field.end for field in self.fields), default=len(self.starts))


class FileLayout(BaseModel):
    """One type of file: a header, any number of lines, and at the end a trailer."""

    model_config = _STRICT

    kind: Kind
    records: tuple[RecordLayout, ...]

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if sorted(record.role for record in self.records) != ["header", "line", "trailer"]:
            message = "a file has one header, one kind of line and one trailer"
            raise ValueError(message)
        starts = [record.starts.casefold() for record in self.records]
        if any(one.startswith(other) for one, other in permutations(starts, 2)):
            message = "two records start alike"
            raise ValueError(message)
        return self

    def of_role(self, role: str) -> RecordLayout:
        return next(record for record in self.records if record.role == role)

    def record_of(self, line: str) -> RecordLayout | None:
        folded = line.casefold()
        return next((one for one in self.records if folded.startswith(one.starts.casefold())), None)


class Layout(BaseModel):
    """What the EDI files of a board are like, by the letter of their type.

    `body` is the board in the names of files that are made here.
    """

    model_config = _STRICT

    name: str
    about: str = ""
    body: Annotated[str, Field(pattern="^[0-9A-Z]{2}$")] = "WJ"
    encoding: Literal["utf-8", "iso-8859-1", "iso-8859-14", "cp1252"] = "utf-8"
    files: Mapping[Annotated[str, Field(pattern="^[A-Z]$")], FileLayout]

    @classmethod
    def parse(cls, text: str | bytes) -> Self:
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise LayoutError(str(error)) from error

    def file_of(self, first: str) -> FileLayout | None:
        """The type of a file, by its first line; None where it is no EDI file."""
        for file in self.files.values():
            if first.casefold().startswith(file.of_role("header").starts.casefold()):
                return file
        return None

    def letter_of(self, kind: Kind) -> str:
        """The letter of the files of a kind; LayoutError where the board has none."""
        for letter, file in self.files.items():
            if file.kind == kind:
                return letter
        message = f"the layout {self.name} has no files of {kind}"
        raise LayoutError(message)


def _read_date(text: str) -> str:
    found = _DAY.fullmatch(text)
    if not found:
        raise InvalidValueError(_("Must be a date written as DDMMYYYY."))
    day, month, year = found.groups()
    return f"{year}-{month}-{day}"


def _read_series(text: str) -> str:
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= len(MONTHS):
        raise InvalidValueError(_("Must be a series written as MMYYYY."))
    return str(Series(MONTHS[int(found[1]) - 1], int(found[2])))


def _read_number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise InvalidValueError(_("Must be a whole number, 0 or more."))
    return str(int(text))


def _write_date(text: str) -> str:
    found = _ISO_DAY.fullmatch(text)
    if not found:
        raise InvalidValueError(_("Must be a date written as 2015-03-29."))
    return "".join(reversed(found.groups()))


def _write_series(text: str) -> str:
    series = Series.parse(text)
    return f"{MONTHS.index(series.month) + 1:02}{series.year:04}"


_Convert = Mapping[str, Callable[[str], str]]
_READ: _Convert = {"text": str, "number": _read_number, "date": _read_date, "series": _read_series}
_WRITE: _Convert = {**_READ, "date": _write_date, "series": _write_series}
