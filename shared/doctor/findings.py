"""What a check says."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How a part is. A `WARNING` is to be looked at; with a `FAULT` something does not work."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """`part` is what was looked at; `words` say how it is, and where it is not well what to do."""

    part: str
    level: Level
    words: str


def fine(part: str, words: str) -> Finding:
    return Finding(part, Level.OK, words)


def warning(part: str, words: str) -> Finding:
    return Finding(part, Level.WARNING, words)


def fault(part: str, words: object) -> Finding:
    return Finding(part, Level.FAULT, str(words))
