"""Whom people may ask, and what they may read: as the awarding body says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

from shared.settings_reader import Reader

EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
HOURS = re.compile(r"([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])")
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Helpline:
    """Where questions about a qualification go; either may be empty."""

    email: str
    telephone: str


@dataclass(frozen=True)
class HelpSettings:
    """Helplines by qualification, their hours from Monday to Friday, manuals by awarding body.

    `contact_email` is where anyone may write to; empty where there is no such address.
    """

    contact_email: str
    helplines: Mapping[str, Helpline]
    hours: tuple[str, str] | None
    manuals: Mapping[str, str]

    @classmethod
    def read(cls, read: Reader) -> Self:
        manuals = read.pairs("IAMIS_MANUALS")
        return cls(
            contact_email=read.text("IAMIS_CONTACT_EMAIL", ""),
            helplines={
                name: helpline_of(told) for name, told in read.pairs("IAMIS_HELPLINES").items()
            },
            hours=_hours(read, "IAMIS_HELPLINE_HOURS"),
            manuals={name: read.checked_url("IAMIS_MANUALS", url) for name, url in manuals.items()},
        )

    def helpline(self, qualification: str) -> tuple[str, Helpline] | None:
        """The helpline of a qualification, however its name is written."""
        return _named(self.helplines, qualification)

    def manual(self, board: str) -> tuple[str, str] | None:
        return _named(self.manuals, board)


def helpline_of(told: str) -> Helpline:
    """`gce@board.example 029 2018 0000`: an email address, a telephone number, or both."""
    first, _space, rest = told.partition(" ")
    return Helpline(first, rest.strip()) if EMAIL.fullmatch(first) else Helpline("", told)


def _hours(read: Reader, name: str) -> tuple[str, str] | None:
    given = read.text(name, "")
    found = HOURS.fullmatch(given)
    if given and not found:
        read.problems.append(f"{name} must be hours such as 08:30-17:00, not {given!r}")
    return (found[1], found[2]) if found else None


def _named(things: Mapping[str, Kept], name: str) -> tuple[str, Kept] | None:
    wanted = name.casefold()
    return next(((one, kept) for one, kept in things.items() if one.casefold() == wanted), None)
