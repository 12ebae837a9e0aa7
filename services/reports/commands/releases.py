"""Telling of moderators' reports when they are released: from results day on, and once each."""

import threading

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.reports.models import ModeratorReport, Paper
from services.reports.queries.moderator_reports import held_back, undone
from shared import clock
from shared.db import Database
from shared.events.outbox import emit

LOOK_SECONDS = 5.0
AT_ONCE = 100


def run(database: Database, stop: threading.Event) -> None:
    """Look for what is due until told to stop; any number of workers may."""
    while not stop.is_set():
        if not database.run(announce_due):
            stop.wait(LOOK_SECONDS)


def announce_due(session: Session) -> int:
    """Tell of the reports that are released and were not told of; returns how many.

    What the board has given back is not released, nor what is about a submission that was undone.
    """
    due = (
        select(ModeratorReport)
        .join(Paper, Paper.id == ModeratorReport.paper_id)
        .where(ModeratorReport.announced_at.is_(None), Paper.results_day <= clock.now())
        .where(~held_back(), ~undone())
        .order_by(ModeratorReport.centre_no, ModeratorReport.paper_id)
        .limit(AT_ONCE)
        .with_for_update(of=ModeratorReport, skip_locked=True)
    )
    reports = session.scalars(due).all()
    for report in reports:
        report.announced_at = clock.now()
        emit(session, "moderator_report.published.v1", report.sheet, event_data(report))
    return len(reports)


def announce_anew(session: Session, paper_id: str) -> None:
    """Results day of the paper is still to come: what was told of its reports came too early."""
    of_paper = update(ModeratorReport).filter_by(paper_id=paper_id)
    session.execute(of_paper.values(announced_at=None))


def event_data(report: ModeratorReport) -> dict[str, object]:
    """The data of `moderator_report.published.v1`."""
    return {
        "centre_no": report.centre_no,
        "paper_id": report.paper_id,
        "released_at": report.announced_at.isoformat() if report.announced_at else None,
    }
