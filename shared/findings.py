"""Collecting what is wrong with an input, so that one refusal names all of it."""

import math

from shared.errors import FieldError, UnprocessableError
from shared.i18n import gettext as _
from shared.i18n import ngettext

MOST_LINE_ERRORS = 10_000


class InvalidValueError(ValueError):
    """One value breaks a rule; its text is the translated sentence for the user."""


class Findings:
    """The field errors found so far; `refuse()` ends the check."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def add(self, pointer: str, detail: str) -> None:
        self.errors.append(FieldError(pointer, detail))

    def refuse(self, detail: str = "") -> None:
        """Raise UnprocessableError when anything was found.

        Without a `detail` of its own the refusal repeats what was found: a row of a batch is
        answered with that one sentence.
        """
        if self.errors:
            said = detail or " ".join(error.detail for error in self.errors)
            raise UnprocessableError(said, errors=tuple(self.errors))


class LineFindings(Findings):
    """What is wrong with a file, line by line; the header is line 1.

    `cells` are the letters of a workbook's columns by name, to name its cells by.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines: set[int] = set()
        self.cells: dict[str, str] = {}

    def add_line(self, line: int, column: str, detail: str) -> None:
        """Name one value of a line (or, with no column, the line) as `/lines/17/dob`.

        The sentence names line and column too, so that it stands alone in a terminal. A file
        that is wrong throughout is refused as soon as there is no use in more.
        """
        if len(self.errors) >= MOST_LINE_ERRORS:
            self.add("/lines", _("The lines from %(line)s on are not checked.", line=line))
            self.refuse()
        self.lines.add(line)
        pointer = f"/lines/{line}/{column}" if column else f"/lines/{line}"
        self.add(pointer, self.named(line, column, detail))

    def copy(self) -> "LineFindings":
        """What is found so far, to be added to without changing this."""
        other = LineFindings()
        other.errors, other.lines, other.cells = [*self.errors], {*self.lines}, self.cells
        return other

    def take(self, other: "LineFindings") -> None:
        """What another look at the same file has found, too."""
        self.errors.extend(other.errors)
        self.lines |= other.lines

    def named(self, line: int, column: str, detail: str) -> str:
        """A sentence about a value that says where it stands, in a workbook by its cell."""
        if column in self.cells:
            cell = f"{self.cells[column]}{line}"
            return _(
                "Cell %(cell)s, %(column)s: %(detail)s", cell=cell, column=column, detail=detail
            )
        if column:
            return _(
                "Line %(line)s, %(column)s: %(detail)s", line=line, column=column, detail=detail
            )
        return _("Line %(line)s: %(detail)s", line=line, detail=detail)

    def refuse(self, detail: str = "") -> None:
        """As above, the errors in the order of their lines."""
        self.errors.sort(key=_line_of)
        counted = ngettext(
            "%(num)s line of the file is wrong.",
            "%(num)s lines of the file are wrong.",
            len(self.lines),
        )
        super().refuse(detail or counted)


def _line_of(error: FieldError) -> float:
    """The line an error is about; what is said of all the rest comes last."""
    _empty, _lines, *rest = error.pointer.split("/")
    return int(rest[0]) if rest else math.inf
