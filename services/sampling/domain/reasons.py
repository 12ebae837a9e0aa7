"""Why a candidate is in the sample: kept as data, told in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.i18n import LANGUAGES, in_language
from shared.i18n import gettext as _


class ReasonCode(StrEnum):
    """Stored and never renamed; the values each one carries stand in its text below."""

    ALL = "all"
    TOP = "top"
    TOP_OUTCOME = "top_outcome"
    BOTTOM = "bottom"
    BOTTOM_OUTCOME = "bottom_outcome"
    EVERY = "every"
    EVENLY = "evenly"
    EXTRA = "extra"
    TEACHER = "teacher"
    OUTCOME = "outcome"
    SHORTFALL = "shortfall"
    CENTRE = "centre"
    MODERATOR = "moderator"
    BOARD = "board"


@dataclass(frozen=True)
class Reason:
    code: ReasonCode
    values: Mapping[str, int | str] = field(default_factory=dict)


Picks = dict[int, Reason]
"""Chosen ranks (0 is the highest), each with why."""


def describe(reason: Reason) -> str:
    """The reason as a short phrase in the language of the request."""
    return _texts()[reason.code] % dict(reason.values)


def in_every_language(reason: Reason) -> dict[str, str]:
    """The phrase by language, for events: these are the same for every reader."""
    return {code: _described_in(code, reason) for code in LANGUAGES}


def _described_in(code: str, reason: Reason) -> str:
    with in_language(code):
        return describe(reason)


def _texts() -> dict[ReasonCode, str]:
    return {
        ReasonCode.ALL: _("all candidates whose work can be sampled are in it"),
        ReasonCode.TOP: _("highest mark"),
        ReasonCode.TOP_OUTCOME: _("highest outcome"),
        ReasonCode.BOTTOM: _("lowest mark above zero"),
        ReasonCode.BOTTOM_OUTCOME: _("lowest outcome"),
        ReasonCode.EVERY: _("rank %(rank)s of %(of)s, one in every %(step)s"),
        ReasonCode.EVENLY: _("rank %(rank)s of %(of)s, one of %(count)s spread evenly"),
        ReasonCode.EXTRA: _("extra to make %(size)s"),
        ReasonCode.TEACHER: _("so that teacher %(initials)s is represented"),
        ReasonCode.OUTCOME: _("one of up to %(each)s with outcome %(outcome)s"),
        ReasonCode.SHORTFALL: _("outcome %(outcome)s, to make up the sample of %(size)s"),
        ReasonCode.CENTRE: _("added by the centre"),
        ReasonCode.MODERATOR: _("asked for by the moderator"),
        ReasonCode.BOARD: _("asked for by the board"),
    }
