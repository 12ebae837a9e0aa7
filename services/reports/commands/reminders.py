"""Reminding centres of what is missing before a deadline: by day, and once for each step."""

import threading
from contextlib import closing

from sqlalchemy.orm import Session

from services.reports.domain.reminders import Due, Kind
from services.reports.models import Reminder
from services.reports.queries import missing
from shared import clock
from shared.bus import Bus
from shared.db import Database
from shared.events.outbox import emit
from shared.locks import queue_for
from shared.runtime import open_bus
from shared.service import queue_of

LOOK_SECONDS = 300.0
AT_ONCE = 100
QUEUE = queue_of("reports")


def run(database: Database, stop: threading.Event) -> None:
    """Look for what is due until told to stop; any number of workers may.

    Not at once: whoever was away has events to take in first.
    """
    told = 0
    while not stop.wait(0 if told else LOOK_SECONDS):
        with closing(open_bus()) as bus:
            told = remind(database, bus)


def remind(database: Database, bus: Bus) -> int:
    """As `remind_due`. Nothing while events wait: what is missing may have come with them."""
    return 0 if bus.depth(QUEUE) else database.run(remind_due)


def remind_due(session: Session) -> int:
    """Tell of what is missing and was not told of; returns of how many sheets. Nothing by night."""
    if not clock.is_daytime(clock.now()):
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
