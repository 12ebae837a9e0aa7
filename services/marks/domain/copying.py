"""Bringing a paper of one series into another: the same paper, its dates moved along."""

from dataclasses import replace
from datetime import date, timedelta

from services.marks.domain.paper import MONTHS, NewPaper, Series
from shared import clock

DAYS_A_WEEK = 7


def weeks_between(series: Series, other: Series) -> timedelta:
    """From one series to another in whole weeks: each day of the week stays what it is."""
    days = (_first_day(other) - _first_day(series)).days
    return timedelta(weeks=round(days / DAYS_A_WEEK))


def moved(paper: NewPaper, series: Series) -> NewPaper:
    """The paper in another series; results come out at the same hour in London."""
    by = weeks_between(paper.series, series)
    return replace(
        paper,
        series=series,
        marks_deadline=paper.marks_deadline + by,
        sample_deadline=paper.sample_deadline + by,
        evidence_until=paper.evidence_until + by,
        results_day=paper.results_day.astimezone(clock.LONDON) + by,
        linked=(),
    )


def _first_day(series: Series) -> date:
    return date(series.year, MONTHS.index(series.month) + 1, 1)
