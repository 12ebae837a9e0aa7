"""What reports say in the reader's language."""

from datetime import date

from services.reports.domain.report import Report
from services.reports.domain.words import Sample
from shared import clock
from shared.i18n import format_date
from shared.i18n import gettext as _


def sample_words() -> dict[Sample, str]:
    return {"Yes": _("Yes"), "No": _("No"), "Added": _("Added"), "Further": _("Further")}


def day_in_figures(day: date | None) -> str:
    return format_date(day) if day else ""


def standing_words(report: Report) -> tuple[str, ...]:
    """When the marks were submitted, and how fresh the report is."""
    if report.as_of is None:
        return (_submission_words(report),)
    at = report.as_of.astimezone(clock.LONDON)
    time = f"{format_date(at.date())} {at:%H:%M}"
    return _submission_words(report), _("As of %(time)s", time=time)


def _submission_words(report: Report) -> str:
    if report.submitted_at is None:
        return _("Not submitted yet: the marks are shown when the centre has submitted them.")
    return _("Submitted on %(day)s", day=format_date(clock.day_of(report.submitted_at)))
