"""The present state of reports, as its events tell it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.reports.commands.releases import event_data
from services.reports.models import ModeratorReport
from services.reports.queries.moderator_reports import undone
from shared.events.republish import FETCHED, Present, Told


def published(session: Session) -> Iterator[Told]:
    told = ModeratorReport.announced_at.is_not(None)
    announced = select(ModeratorReport).where(told, ~undone())
    for report in session.scalars(announced.execution_options(yield_per=FETCHED)):
        yield report.sheet, event_data(report)


PRESENT: Present = {"moderator_report.published.v1": published}
