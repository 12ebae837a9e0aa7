"""A paper: one internally assessed unit in one series, and the rules its marks obey."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Self

from shared.findings import InvalidValueError
from shared.i18n import gettext as _

MONTHS = (
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
)
YEARS = range(2000, 3000)
# What comes of a deadline for marks that has passed: a warning, or no more marks.
WARN, CLOSED = "warn", "closed"
UPLOADS = ("none", "candidate", "group")
BY_OUTCOME = "per-outcome"
# A policy that sampling gets has to be named here, too: no service asks another.
SAMPLE_POLICIES = ("wjec-rank-order", "even-spread-2026", BY_OUTCOME)
NOT_CLASSIFIED = "Not classified"

PAPER_CODE = re.compile(r"[0-9A-Z/]{4,10}")
CANDIDATE_NO = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Series:
    """A month and year of assessment: `JUNE 2031`. Other months or years: InvalidValueError."""

    month: str
    year: int

    def __post_init__(self) -> None:
        if self.month not in MONTHS or self.year not in YEARS:
            raise InvalidValueError(_("A series is a month and a year, such as JUNE 2031."))

    @classmethod
    def parse(cls, text: str) -> Self:
        month, _space, year = " ".join(text.split()).upper().partition(" ")
        return cls(month, int(year) if re.fullmatch(r"[0-9]{4}", year) else 0)

    def __str__(self) -> str:
        return f"{self.month} {self.year}"


@dataclass(frozen=True)
class Task:
    """A part of a paper with its own maximum mark."""

    name: str
    max: int


@dataclass(frozen=True)
class PaperRules:
    """What a mark of this paper may be: exactly one of `tasks` and `outcomes` is not None.

    `outcomes` stand highest first; `not_classified` names the one that is never sampled, and may
    be among them. On a `linear` paper the mark of an earlier series may be carried forward.
    """

    tasks: tuple[Task, ...] | None = None
    outcomes: tuple[str, ...] | None = None
    not_classified: str = NOT_CLASSIFIED
    linear: bool = False
    initials_required: bool = False

    @cached_property
    def named_tasks(self) -> tuple[Task, ...]:
        """The tasks as screens call them, in the language then: a single one is simply the mark."""
        tasks = self.tasks or ()
        return tasks if len(tasks) > 1 else tuple(Task(_("Mark"), task.max) for task in tasks)

    @property
    def maximum(self) -> int | None:
        """The highest total; None when assessed by outcome."""
        return None if self.tasks is None else sum(task.max for task in self.tasks)

    @cached_property
    def all_outcomes(self) -> tuple[str, ...]:
        """Every outcome that may be given, highest first; empty when assessed by marks."""
        if self.outcomes is None:
            return ()
        folded = {outcome.casefold() for outcome in self.outcomes}
        known = self.not_classified.casefold() in folded
        return self.outcomes if known else (*self.outcomes, self.not_classified)

    def outcome_named(self, text: str) -> str | None:
        """The outcome as this paper writes it, whatever the case it is typed in."""
        wanted = text.strip().casefold()
        return next((name for name in self.all_outcomes if name.casefold() == wanted), None)


def full_title(*, qualification: str, series: Series, title: str, unit: str, code: str) -> str:
    """`GCSE NOVEMBER 2023 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)`."""
    parts = (qualification, str(series), title, unit, f"({code})")
    return " ".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class NewPaper:
    """A paper as the board describes it; `new_paper.problems` tells whether it may be one.

    `work_to` says where the work goes (an address or another system); `tolerance` is a number of
    marks; dates end at 23:59:59 Europe/London; `results_day` is an instant. `linked` are the ids
    of papers sampled together with this one, `consortia` centres ranked as one group. A file of
    the evidence has at most `max_file_mib` MiB (None: as the installation has it);
    `evidence_advice` is a sentence on its files, `upload_guide` the address of a document.
    """

    code: str
    title: str
    unit: str
    qualification: str
    series: Series
    board: str
    rules: PaperRules
    sample_policy: str
    upload: str
    tolerance: int
    marks_deadline: date
    sample_deadline: date
    evidence_until: date
    results_day: datetime
    evidence_pieces: tuple[str, ...] = ()
    max_file_mib: int | None = None
    evidence_advice: str | None = None
    upload_guide: str | None = None
    work_to: str | None = None
    linked: tuple[str, ...] = ()
    consortia: tuple[tuple[str, ...], ...] = ()
    after_deadline: str = WARN

    @property
    def full_title(self) -> str:
        return full_title(
            qualification=self.qualification,
            series=self.series,
            title=self.title,
            unit=self.unit,
            code=self.code,
        )
