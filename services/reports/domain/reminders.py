"""When a centre is reminded of what is missing before a deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["marks", "evidence"]

# So many days before the deadline, the nearest last.
STEPS = (7, 3, 1)


@dataclass(frozen=True)
class Due:
    """What a centre's paper lacks, by candidate number; `step` is one of STEPS.

    Of evidence `pieces` are the named ones that a candidate lacks, and the `group` may lack files.
    """

    centre_no: str
    paper_id: str
    kind: Kind
    deadline: date
    step: int
    candidate_nos: tuple[str, ...]
    pieces: Mapping[str, Sequence[str]]
    group: bool
