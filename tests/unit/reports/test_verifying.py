"""The read model is held against what the other services tell, and is forgotten to be told anew."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from services.reports.commands.rebuilding import TOLD_BY_OTHERS, forget_all
from services.reports.commands.verifying import compare, take_in
from services.reports.handlers import HANDLERS
from services.reports.models import Candidate, ModeratorReport, Paper
from shared import clock
from shared.db import Database
from shared.events.outbox import emit
from shared.events.republish import Present, Told
from tests.support.databases import Template
from tests.support.service import ServiceUnderTest, rows_of
from tests.unit.reports.builders import (
    CENTRE,
    PAPER,
    SHEET,
    clerical_error,
    enter,
    entries,
    entry,
    mark,
    paper,
    sample,
    submission,
    submit,
    uploaded,
)

# What is told later has the correction in it.
CORRECTED = mark("0002", 2, 2, effective_total=9)
TOLD: dict[str, tuple[str, dict[str, Any]]] = {
    "paper.changed.v1": (f"all/{PAPER}", paper()),
    "entries.changed.v1": (SHEET, entries(entry("0001"), entry("0002"))),
    "marks.submitted.v1": (SHEET, submission(mark("0001", 1, 1), CORRECTED)),
    "clerical_error.recorded.v1": (SHEET, clerical_error("0002", 9)),
    "sample.generated.v1": (SHEET, sample(("0001", "system"))),
    "evidence.uploaded.v1": (SHEET, uploaded("f1", "0001")),
}


def _told(key: str, _session: Session) -> list[Told]:
    return [TOLD[key]]


PRESENT: Present = {key: partial(_told, key) for key in TOLD}


@pytest.fixture
def live(service: ServiceUnderTest) -> ServiceUnderTest:
    """A service that has heard all of `TOLD`."""
    enter(service, entry("0001"), entry("0002"))
    submit(service, mark("0001", 1, 1), mark("0002", 2, 2))
    for key in ("clerical_error.recorded.v1", "sample.generated.v1", "evidence.uploaded.v1"):
        service.deliver(key, *TOLD[key])
    return service


@pytest.fixture
def told(live: ServiceUnderTest, template: Template, tmp_path: Path) -> Iterator[Database]:
    """A database that the handlers have filled from what a source tells."""
    with live.transaction() as session:
        for key, (subject, data) in TOLD.items():
            emit(session, key, subject, data)
    (tmp_path / "told").mkdir()
    copy = template.copy(tmp_path / "told")
    into, counts = Database(copy.url), list[int]()
    take_in(HANDLERS, PRESENT, live.database, into, counts.append)
    assert sum(counts) == len(TOLD)
    yield into
    into.close()
    copy.give_back()


def differences(live: ServiceUnderTest, told: Database) -> list[tuple[str, str]]:
    with live.database.reading() as kept, told.reading() as expected:
        return list(compare(kept, expected, lambda _one: None))


def test_what_is_as_it_is_told_differs_nowhere(live: ServiceUnderTest, told: Database) -> None:
    assert differences(live, told) == []


def test_a_mark_that_is_not_as_it_is_told_is_found(live: ServiceUnderTest, told: Database) -> None:
    with live.transaction() as session:
        session.execute(update(Candidate).filter_by(candidate_no="0002").values(total=3))
    assert differences(live, told) == [(SHEET, "0002")]


def test_a_file_that_is_not_told_is_found(live: ServiceUnderTest, told: Database) -> None:
    live.deliver("evidence.uploaded.v1", SHEET, uploaded("f2", "0001"))
    assert differences(live, told) == [(SHEET, "0001")]


def test_who_is_missing_differs_and_nobody_after_them(
    live: ServiceUnderTest, told: Database
) -> None:
    with live.transaction() as session:
        session.execute(delete(Candidate).filter_by(candidate_no="0001"))
    assert differences(live, told) == [(SHEET, "0001")]


def test_a_title_that_differs_is_the_papers(live: ServiceUnderTest, told: Database) -> None:
    with live.transaction() as session:
        session.get_one(Paper, PAPER).title = "OTHER"
    assert differences(live, told) == [(SHEET, "paper")]


def test_a_sheet_that_is_lost_and_one_that_is_unknown_are_found(
    live: ServiceUnderTest, told: Database
) -> None:
    with live.transaction() as session:
        session.execute(update(Candidate).values(centre_no="68102"))
    assert differences(live, told) == [(SHEET, "missing"), (f"68102/{PAPER}", "unknown")]


def test_forgetting_leaves_what_is_written_here(live: ServiceUnderTest) -> None:
    with live.transaction() as session:
        words = {"tasks": "a", "accuracy": "b", "administration": "c", "outcome": "accepted"}
        by = {"written_by": "M", "written_by_id": "m", "written_at": clock.now(), "version": 1}
        session.add(ModeratorReport(centre_no=CENTRE, paper_id=PAPER, **words, **by))
        forget_all(session)
    with live.transaction() as session:
        assert [rows_of(session, table) for table in TOLD_BY_OTHERS] == [[]] * len(TOLD_BY_OTHERS)
        assert len(rows_of(session, ModeratorReport)) == 1
