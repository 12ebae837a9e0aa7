"""Events in any order, and each possibly twice, end in the same read model."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from services.reports.handlers import HANDLERS
from services.reports.models import Base, Heard
from shared.db import Database
from shared.events.envelope import Envelope
from shared.events.schemas import EVENT_TYPES
from shared.ids import new_uuid
from tests.support.databases import Template
from tests.unit.reports.builders import (
    PAPER,
    SHEET,
    Data,
    acknowledged,
    clerical_error,
    deleted,
    entries,
    entry,
    mark,
    paper,
    sample,
    submission,
    uploaded,
)

CANDIDATES = ("0001", "0002", "0003")
FILES = tuple(f"file-{candidate_no}" for candidate_no in CANDIDATES)


class Event(NamedTuple):
    key: str
    sequence: int
    data: Data


@pytest.fixture(scope="module")
def database(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One copy for all examples: what they write is rolled back."""
    copy = template.copy(tmp_path_factory.mktemp("any-order"))
    opened = Database(copy.url)
    yield opened
    opened.close()
    copy.give_back()


SOME = st.lists(st.sampled_from(CANDIDATES), min_size=1, unique=True)
MARK = st.integers(0, 40)
CHOSEN_BY = st.sampled_from(["system", "centre", "moderator", "board"])


@st.composite
def entries_changed(draw: st.DrawFn) -> tuple[str, Data]:
    change = draw(st.sampled_from(["added", "changed", "withdrawn"]))
    surname = draw(st.sampled_from(["WYN", "ŴYN"]))
    changed = [entry(no, change, surname=surname) for no in draw(SOME)]
    return "entries.changed.v1", entries(*changed)


@st.composite
def marks_submitted(draw: st.DrawFn) -> tuple[str, Data]:
    marks = [
        mark(no, draw(MARK), draw(MARK), effective_total=draw(MARK), initials=draw(INITIALS))
        for no in draw(SOME)
    ]
    return "marks.submitted.v1", submission(*marks, at=f"2031-05-{draw(DAY):02}T12:00:00Z")


INITIALS = st.sampled_from(["AB", "CD"])
DAY = st.integers(1, 28)


@st.composite
def clerical_error_recorded(draw: st.DrawFn) -> tuple[str, Data]:
    tasks = draw(st.none() | st.lists(MARK, min_size=2, max_size=2))
    total = draw(MARK) if tasks is None else sum(tasks)
    error = clerical_error(draw(st.sampled_from(CANDIDATES)), total, tasks)
    return "clerical_error.recorded.v1", error


@st.composite
def clerical_error_acknowledged(draw: st.DrawFn) -> tuple[str, Data]:
    return "clerical_error.acknowledged.v1", acknowledged(draw(st.sampled_from(CANDIDATES)))


@st.composite
def sample_changed(draw: st.DrawFn) -> tuple[str, Data]:
    chosen = [(no, draw(CHOSEN_BY)) for no in draw(SOME)]
    if draw(st.booleans()):
        return "sample.generated.v1", sample(*chosen)
    return "sample.extended.v1", sample(*chosen, note="")


@st.composite
def evidence_changed(draw: st.DrawFn) -> tuple[str, Data]:
    file_id = draw(st.sampled_from(FILES))
    candidate_no = file_id.removeprefix("file-")
    if draw(st.booleans()):
        return "evidence.uploaded.v1", uploaded(file_id, candidate_no)
    return "evidence.deleted.v1", deleted(file_id, candidate_no)


@st.composite
def paper_changed(draw: st.DrawFn) -> tuple[str, Data]:
    return "paper.changed.v1", paper(title=draw(st.sampled_from(["ORACY", "READING"])))


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Event], list[Event]]:
    """What happened, in its order, and the same as it is delivered."""
    kinds = (
        entries_changed(),
        marks_submitted(),
        clerical_error_recorded(),
        clerical_error_acknowledged(),
        sample_changed(),
        evidence_changed(),
        paper_changed(),
    )
    happened = [
        Event(key, sequence, data)
        for sequence, (key, data) in enumerate(draw(st.lists(st.one_of(kinds), max_size=16)), 1)
    ]
    repeated = [event for event in happened if draw(st.booleans())]
    return happened, list(draw(st.permutations(happened + repeated)))


def apply(session: Session, events: Sequence[Event]) -> None:
    """Handle the events without the inbox: a repeat may carry another id (republished)."""
    for event in events:
        EVENT_TYPES[event.key].check(event.data)
        subject = f"all/{PAPER}" if event.key == "paper.changed.v1" else SHEET
        envelope = Envelope(new_uuid(), event.key, subject, "", event.sequence, "", event.data)
        HANDLERS[event.key](session, envelope)


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """But when it was heard."""
    told = (table for table in Base.metadata.sorted_tables if table.name != Heard.__tablename__)
    return {table.name: _rows(session, table) for table in told}


def _rows(session: Session, table: Table) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]


def model_after(database: Database, events: Sequence[Event]) -> dict[str, list[tuple[Any, ...]]]:
    with Session(database.engine) as session:
        apply(session, events)
        return everything(session)


@given(history=histories())
def test_any_order_ends_the_same(
    database: Database, history: tuple[list[Event], list[Event]]
) -> None:
    happened, delivered = history
    assert model_after(database, delivered) == model_after(database, happened)
