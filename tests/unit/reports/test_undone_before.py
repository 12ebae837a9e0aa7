"""A home from before reports knew what they are about: those of undone submissions are held."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import MetaData

from services.reports.app import SERVICE
from services.reports.models import ModeratorReport
from shared import clock, migrate
from shared.db import Database
from tests.unit.reports.builders import CENTRE, PAPER

SAYS = {"tasks": "t", "accuracy": "a", "administration": "a", "outcome": "accepted"}


def know_report(database: Database, *, reopened: bool) -> None:
    """As the tables were then."""
    chain, tables = migrate.chain_of(SERVICE), MetaData()
    migrate.upgrade(database.engine, migrate.PLATFORM)
    sheet: dict[str, Any] = {"centre_no": CENTRE, "paper_id": PAPER}
    with database.engine.begin() as connection:
        command.upgrade(chain.config(connection), "0015")
        tables.reflect(connection)
        submission = {"submitted_at": clock.now(), "reopened": reopened, "sequence": 7}
        connection.execute(tables.tables["submissions"].insert(), sheet | submission)
        written = {"version": 1, "written_at": clock.now(), "written_by": "M", "written_by_id": "m"}
        connection.execute(tables.tables["moderator_reports"].insert(), sheet | SAYS | written)


@pytest.mark.parametrize("reopened", [True, False])
def test_what_was_undone_before_is_held(tmp_path: Path, *, reopened: bool) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    know_report(database, reopened=reopened)
    migrate.upgrade(database.engine, migrate.chain_of(SERVICE))
    with database.reading() as session:
        report = session.get_one(ModeratorReport, (CENTRE, PAPER))
        assert (report.undone, report.version) == (reopened, 2 if reopened else 1)
        assert report.about == (0 if reopened else 7)
    database.close()
