"""The tables of a database on PostgreSQL as files, and in another database again."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select, text
from sqlalchemy.orm import Session

from shared import clock, engine, migrate
from shared.audit import AuditRow
from shared.backup import restoring, tables
from shared.backup.manifest import Kept
from shared.db import Database
from shared.events.models import Outbox
from shared.events.outbox import emit
from shared.ids import new_id
from shared.service import load_service
from shared.settings import settings
from tests.integration.postgres.conftest import Fresh, Start
from tests.support.api import entries, paper
from tests.support.service import BOARD, ServiceUnderTest

CODE = "4543/01"
AWKWARD = 'a "quoted", \\N \\. Ŵ\r\nsecond line\t\x7f'


@pytest.fixture
def marks(start: Start) -> ServiceUnderTest:
    """A service with rows of every kind: of people, JSON, bytes, text that looks like CSV."""
    started = start("marks")
    made = started.call("POST", "/api/marks/papers", BOARD, json=paper(CODE))
    assert made.status_code == 201, made.text
    csv = {"data": entries(CODE, "68101", range(1, 40)), "content_type": "text/csv"}
    assert started.call("POST", "/api/marks/imports/entries", BOARD, **csv).status_code == 200
    with started.transaction() as session:
        row = AuditRow(
            id=new_id(),
            at=clock.now(),
            by_id="",
            by=AWKWARD,
            action="tested",
            subject="x",
            before={},
            after={"text": AWKWARD, "none": None},
            why="",
            request_id="",
            centre_no="",
        )
        session.add(row)
    return started


def everything(database: Database) -> dict[str, list[Any]]:
    found = MetaData()
    with database.engine.connect() as connection:
        found.reflect(connection)
        return {
            name: sorted(map(repr, connection.execute(select(table))))
            for name, table in found.tables.items()
        }


def copied(marks: ServiceUnderTest, folder: Path) -> Kept:
    service = load_service("marks")
    chains = (migrate.PLATFORM, migrate.chain_of(service))
    with marks.database.reading() as session:
        tables.copy_out(session, service, folder)
        return Kept(
            {chain.name: chain.heads()[0] for chain in chains},
            tables.count_rows(session, tables.table_names(service)),
        )


def test_every_row_comes_back_and_numbers_go_on(
    marks: ServiceUnderTest, fresh: Fresh, tmp_path: Path
) -> None:
    service, kept = load_service("marks"), copied(marks, tmp_path)
    assert kept.rows["candidates"] == 39

    owner = Database(fresh.owner)
    assert tables.is_empty(owner)
    tables.copy_in(owner, service, tmp_path, kept)
    assert everything(owner) == everything(marks.database)
    with owner.transaction() as session:
        last = max(session.scalars(select(Outbox.position)))
        emit(session, "user.access_changed.v1", "users/u1", {"user_id": "u1", "access_version": 1})
        session.flush()
        assert max(session.scalars(select(Outbox.position))) == last + 1
    owner.close()


def test_rows_are_counted_however_long_it_takes(
    marks: ServiceUnderTest, fresh: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver gives a statement up after a second, unless it is to take its time."""
    kept, count_rows = copied(marks, tmp_path), tables.count_rows

    def count_slowly(session: Session, names: Iterable[str]) -> dict[str, int]:
        session.execute(text("SELECT pg_sleep(1.5)"))
        return count_rows(session, names)

    monkeypatch.setattr(engine, "ANSWER_SECONDS", 1.0)
    monkeypatch.setattr(tables, "count_rows", count_slowly)
    monkeypatch.setenv("IAMIS_STACK", "real")
    monkeypatch.setenv("IAMIS_DATABASE_URL_MARKS", fresh.runtime)
    settings.cache_clear()
    (tmp_path / "databases").mkdir()
    (tmp_path / "marks").rename(tmp_path / "databases" / "marks")
    owner = Database(fresh.owner)
    restoring.fill(owner, load_service("marks"), tmp_path, kept)
    assert everything(owner) == everything(marks.database)
    owner.close()
    settings.cache_clear()
