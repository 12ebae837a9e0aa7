"""One point that all databases agree on, while the system goes on working.

What is to be true of it: nothing that one service has taken in is missing where it came from. So
nobody may handle an event while the point is fixed: every database is held, then each is given a
reader, then all are let go. That takes as long as a few round trips, and requests wait no longer.
What was told and not taken in by then, the outboxes have (`shared.backup.owed`).
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from shared.db import Database
from shared.engine import is_postgresql, take_time
from shared.events.models import Inbox

# For an event that is being handled; nobody who handles one waits for another database.
HOLD_SECONDS = 30


@contextmanager
def one_point(databases: Mapping[str, Database]) -> Iterator[dict[str, Session]]:
    """A session on each database that sees the point, however long it is looked at."""
    with ExitStack() as readers:
        with ExitStack() as held:
            for database in databases.values():
                _hold(held.enter_context(database.transaction()))
            sessions = {
                name: readers.enter_context(database.reading())
                for name, database in databases.items()
            }
            for session in sessions.values():
                be_patient(session)
                session.execute(select(Inbox.id).limit(1))
        yield sessions


def _hold(session: Session) -> None:
    """Keep events from being handled; SQLite's transaction keeps every writer out already."""
    if is_postgresql(session.connection()):
        session.execute(text(f"SET LOCAL lock_timeout = '{HOLD_SECONDS}s'"))
        session.execute(text(f"LOCK TABLE {Inbox.__tablename__} IN SHARE MODE"))
    else:
        session.connection()


def be_patient(session: Session) -> None:
    """Let it be idle while others are copied, and take as long as it does."""
    if is_postgresql(session.connection()):
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        take_time(session.connection())
