"""Corrections a centre has not acknowledged yet, and a home of before."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command

from services.sampling.app import SERVICE
from shared import migrate
from shared.db import Database
from shared.events.consumer import is_newer
from tests.support.service import ServiceUnderTest
from tests.unit.sampling.events import CENTRE, PAPER, correct
from tests.unit.sampling.moderating import read

ACKNOWLEDGED: dict[str, Any] = {
    "centre_no": CENTRE,
    "paper_id": PAPER,
    "candidate_no": "0002",
    "clerical_error_id": "e1",
    "original": {"tasks": [29], "total": 29},
    "amended": {"tasks": [20], "total": 20},
    "recorded_at": "2031-05-02T12:00:00Z",
    "acknowledged_by": "u1",
    "acknowledged_at": "2031-05-13T08:30:00Z",
}


@pytest.mark.parametrize("early", [False, True])
def test_corrections_wait_until_the_centre_has_acknowledged_them(
    generated: ServiceUnderTest, *, early: bool
) -> None:
    correct(generated, "0003", 20)
    assert read(generated)["unacknowledged"] == 1
    if not early:
        correct(generated, "0002", 20)
        assert read(generated)["unacknowledged"] == 2
    for _again in range(2):
        generated.deliver("clerical_error.acknowledged.v1", f"{CENTRE}/{PAPER}", ACKNOWLEDGED)
    if early:
        correct(generated, "0002", 20)
    assert read(generated)["unacknowledged"] == 1


def test_papers_of_before_are_told_once_more(tmp_path: Path) -> None:
    """With the sequence they are known by: what was built since is taken after the upgrade."""
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    chain = migrate.chain_of(SERVICE)
    migrate.upgrade(database.engine, migrate.PLATFORM)
    with database.engine.begin() as connection:
        command.upgrade(chain.config(connection), "0003")
    with database.transaction() as session:
        assert [is_newer(session, f"paper:{PAPER}", 7) for _again in range(2)] == [True, False]
    migrate.upgrade(database.engine, chain)
    with database.transaction() as session:
        assert is_newer(session, f"paper:{PAPER}", 7)
    database.close()
