"""The names of EDI files: `dcccccbb.Xnn`, a type, a centre, a body and a sequence."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

File = TypeVar("File")

_NAME = re.compile(r"([A-Z])([0-9]{5})([0-9A-Z]{2})\.X([0-9]{2})")

LAST = 99
# A step of more numbers than this is one the other way round, over the last number.
LONGEST_STEP = 50


@dataclass(frozen=True, order=True)
class EdiName:
    """What the name of a file says; two are ordered as they are to be processed."""

    body: str
    centre_no: str
    type: str
    sequence: int

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """None where this is no name of an EDI file; upper and lower case are the same."""
        found = _NAME.fullmatch(name.upper())
        if found is None:
            return None
        letter, centre_no, body, sequence = found.groups()
        return cls(body, centre_no, letter, int(sequence))

    def __str__(self) -> str:
        return f"{self.type}{self.centre_no}{self.body}.X{self.sequence:02}"


def after(last: int | None, sequence: int) -> Sequence[int] | None:
    """The numbers left out between the last file and this one; None where it comes too late.

    After 99 the numbers begin anew: 2 comes after 98, with 99 and 1 left out, and not before it.
    """
    if last is None:
        return range(1, sequence)
    if last - sequence > LONGEST_STEP:
        return [*range(last + 1, LAST + 1), *range(1, sequence)]
    if sequence <= last or sequence - last > LONGEST_STEP:
        return None
    return range(last + 1, sequence)


def in_sequence(named: Iterable[tuple[str, File]]) -> list[tuple[str, File]]:
    """Files by name as they are to be processed: EDI files in sequence, then others as given."""
    numbered = [(EdiName.parse(one[0]), one) for one in named]
    known = sorted(((read, one) for read, one in numbered if read), key=lambda each: each[0])
    return [one for _read, one in known] + [one for read, one in numbered if not read]
