"""The candidate details report of one centre and paper."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, Self

from services.reports.domain.marks import Mark, Tasks
from services.reports.domain.words import Sample

Correction = Literal["recorded", "acknowledged"]

_MONTHS = (
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


@dataclass(frozen=True)
class Series:
    """A month and year of assessment."""

    month: str
    year: int

    @property
    def order(self) -> tuple[int, int]:
        """Sorts series by time."""
        return self.year, _MONTHS.index(self.month)


@dataclass(frozen=True)
class Task:
    """A part of a paper with its own maximum mark."""

    name: str
    max: int


@dataclass(frozen=True)
class Paper:
    """What a report says of its paper: exactly one of `tasks` and `outcomes` is not None."""

    id: str
    code: str
    title: str
    unit: str
    full_title: str
    qualification: str
    series: Series
    tasks: tuple[Task, ...] | None
    outcomes: tuple[str, ...] | None
    initials_required: bool

    @property
    def maximum(self) -> int | None:
        """The highest mark; None when assessed by outcome."""
        return None if self.tasks is None else sum(task.max for task in self.tasks)


@dataclass(frozen=True)
class Row:
    """One candidate; `evidence` counts its files, `amendment` is how one asked for stands.

    `correction` is how the clerical errors of theirs stand with the centre.

    `moderated` is the mark or outcome after moderation, from results day on.
    """

    candidate_no: str
    name: str
    dob: date | None
    mark: Mark
    sample: Sample
    evidence: int = 0
    amendment: str | None = None
    moderated: int | str | None = None
    correction: Correction | None = None

    def with_files_and_correction(self, files: int, correction: Correction | None) -> Self:
        """A correction of a submission that was undone is none of the mark that counts."""
        return replace(self, evidence=files, correction=correction if self.mark.amended else None)


@dataclass(frozen=True)
class Report:
    """The candidates in the order of their numbers; `submitted_at` is the newest submission.

    `as_of` is when the last news of marks was taken in.
    """

    paper: Paper
    centre_no: str
    submitted_at: datetime | None
    rows: tuple[Row, ...]
    as_of: datetime | None = None

    @property
    def moderated(self) -> bool:
        """Whether it has what counts after moderation."""
        return any(row.moderated is not None for row in self.rows)

    def tasks_of(self, row: Row) -> Tasks | None:
        """One item per task, None where there is no mark; None when assessed by outcome."""
        if self.paper.tasks is None:
            return None
        return row.mark.tasks or (None,) * len(self.paper.tasks)


@dataclass(frozen=True)
class ListedReport:
    """A line of the list of reports a centre can open."""

    paper: Paper
    submitted_at: datetime | None


def newest_series_first(reports: list[ListedReport]) -> list[ListedReport]:
    """In the order of the list: newest series first, then by qualification and code."""
    by_code = sorted(reports, key=lambda report: (report.paper.qualification, report.paper.code))
    return sorted(by_code, key=lambda report: report.paper.series.order, reverse=True)
