"""Collecting what is wrong with an input, so that one refusal names all of it."""

import math
from typing import TypeGuard

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
    """What is wrong with a file, line by line; the header is line 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: set[int] = set()

    def add_line(self, line: int, column: str, detail: str) -> None:
        """Name one value of a line (or, with no column, the line) as `/lines/17/dob`.

        The sentence names line and column too, so that it stands alone in a terminal. A file
        that is wrong throughout is refused as soon as there is no use in more.
        """
        if len(self.errors) >= MOST_LINE_ERRORS:
            self.add("/lines", _("The lines from %(line)s on are not checked.", line=line))
            self.refuse()
        self.lines.add(line)
        if column:
            said = _(
                "Line %(line)s, %(column)s: %(detail)s", line=line, column=column, detail=detail
            )
            self.add(f"/lines/{line}/{column}", said)
        else:
            said = _("Line %(line)s: %(detail)s", line=line, detail=detail)
            self.add(f"/lines/{line}", said)

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


def is_whole(value: object) -> TypeGuard[int]:
    """Is this JSON value a whole number? True and 15.0 are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def read_object(body: object) -> dict[str, object]:
    """The members of a JSON object that are not null, or UnprocessableError."""
    if not isinstance(body, dict):
        findings = Findings()
        findings.add("", _("A JSON object is expected here."))
        findings.refuse()
        return {}
    return {name: value for name, value in body.items() if value is not None}
