"""Seeing on PostgreSQL that somebody waits for a lock."""

from sqlalchemy import text

from shared.db import Database

WAITING = text("""
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND pg_stat_activity.datname = current_database()
""")


def somebody_waits(database: Database) -> bool:
    """Whether a transaction of this database waits for another one."""
    with database.reading() as session:
        return bool(session.scalar(WAITING))
