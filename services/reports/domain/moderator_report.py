"""The moderator's report: what a centre is told about its marking, from results day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.reports.domain.report import Paper

Outcome = Literal["accepted", "adjusted"]


@dataclass(frozen=True)
class Sections:
    """The parts of the report: the tasks, the accuracy of the marking, the administration."""

    tasks: str
    accuracy: str
    administration: str


@dataclass(frozen=True)
class ModeratorReport:
    """One report; `released_at` is None while the paper's results day is not known."""

    paper: Paper
    centre_no: str
    sections: Sections
    outcome: Outcome
    version: int
    written_at: datetime
    released_at: datetime | None


def read_outcome(kept: str) -> Outcome:
    """An outcome as a table keeps it."""
    return "accepted" if kept == "accepted" else "adjusted"


def is_released(results_day: datetime | None, now: datetime) -> bool:
    """Whether the centre may see the report, from the moment of results day on."""
    return results_day is not None and now >= results_day
