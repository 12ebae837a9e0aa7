"""Reminding centres of what is missing before a deadline: by day, and once for each step."""

import threading

from sqlalchemy.orm import Session

from services.reports.domain.reminders import Due, Kind, is_daytime
from services.reports.models import Reminder
from services.reports.queries import missing
from shared import clock
from shared.db import Database
from shared.events.outbox import emit
from shared.locks import queue_for

LOOK_SECONDS = 300.0
AT_ONCE = 100


def run(database: Database, stop: threading.Event) -> None:
    """Look for what is due until told to stop; any number of workers may."""
    while not stop.is_set():
        if not database.run(remind_due):
            stop.wait(LOOK_SECONDS)


def remind_due(session: Session) -> int:
    """Tell of what is missing and was not told of; returns of how many sheets. Nothing by night."""
    if not is_daytime(clock.now()):
        return 0
    # Whoever waits here sees below what the one before has noted.
    queue_for(session, "reminders")
    kinds: tuple[Kind, ...] = ("marks", "evidence")
    found = [one for kind in kinds for one in missing.due(session, kind, clock.today(), AT_ONCE)]
    for one in found:
        _remind(session, one)
    return len(found)


def _remind(session: Session, due: Due) -> None:
    now = clock.now()
    which = {name: getattr(due, name) for name in ("centre_no", "paper_id", "kind", "deadline")}
    session.add(Reminder(**which, step=due.step, at=now))
    missing = [{"candidate_no": one, "pieces": list(lacks)} for one, lacks in due.pieces.items()]
    data = which | {
        "deadline": due.deadline.isoformat(),
        "days_left": (due.deadline - clock.day_of(now)).days,
        "candidate_nos": list(due.candidate_nos),
        "group": due.group,
        "missing": missing,
        "at": now.isoformat(),
    }
    emit(session, "reminder.due.v1", f"{due.centre_no}/{due.paper_id}", data)
