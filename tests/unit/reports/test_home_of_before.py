"""A home from before reminders: what its papers lack is taken once they are told again."""

from datetime import date
from pathlib import Path

from alembic import command
from sqlalchemy import MetaData

from services.reports.app import SERVICE
from services.reports.handlers import on_paper_changed
from services.reports.models import Paper
from shared import migrate
from shared.db import Database
from shared.events.envelope import Envelope
from tests.unit.reports.builders import AT, PAPER, paper

SEQUENCE = 7


def know_paper(database: Database) -> None:
    """As the tables were then."""
    chain, tables = migrate.chain_of(SERVICE), MetaData()
    migrate.upgrade(database.engine, migrate.PLATFORM)
    with database.engine.begin() as connection:
        command.upgrade(chain.config(connection), "0006")
        tables.reflect(connection)
        papers = tables.tables["papers"]
        told = {"id": PAPER, "sequence": SEQUENCE} | paper()
        row = {column.name: told[column.name] for column in papers.columns}
        connection.execute(papers.insert(), row | {"results_day": None})


def test_deadlines_of_papers_of_before_are_taken(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    know_paper(database)
    migrate.upgrade(database.engine, migrate.chain_of(SERVICE))
    with database.transaction() as session:
        assert session.get_one(Paper, PAPER).marks_deadline is None
        # Told again, it has the sequence it is known by.
        event = Envelope("e1", "paper.changed.v1", f"all/{PAPER}", AT, SEQUENCE, "", paper())
        on_paper_changed(session, event)
        session.expire_all()
        known = session.get_one(Paper, PAPER)
        assert (known.marks_deadline, known.upload) == (date(2031, 5, 5), "candidate")
    database.close()
