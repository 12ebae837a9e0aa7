"""Database sessions on SQLite: instants, transactions, two writers, and what errors say."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import TYPES, Database, UTCDateTime, wake_relay

# The classes say nothing of types.
DIALECTS: list[Dialect] = [sqlite.dialect(), postgresql.dialect()]  # type: ignore[no-untyped-call]
NOON = datetime(2031, 6, 1, 12, tzinfo=UTC)


class Base(DeclarativeBase):
    type_annotation_map = TYPES


class Thing(Base):
    __tablename__ = "things"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime | None]
    number: Mapped[int] = mapped_column(default=0)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'deeper' / 'things.sqlite'}")
    Base.metadata.create_all(made.engine)
    yield made
    made.close()


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Thing.name).order_by(Thing.name)).all())


@given(
    instant=st.datetimes(datetime(1950, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001 - zone below
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_an_instant_stays_the_same_moment(instant: datetime, minutes: int) -> None:
    given_instant = instant.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    column = UTCDateTime()
    for dialect in DIALECTS:
        stored = column.process_bind_param(given_instant, dialect)
        back = column.process_result_value(stored, dialect)
        assert back == given_instant
        assert back.tzinfo is UTC


def test_nothing_stays_nothing_and_an_instant_needs_its_zone(database: Database) -> None:
    with database.transaction() as session:
        session.add(Thing(name="a", at=None))
    with database.reading() as session:
        assert session.scalars(select(Thing)).one().at is None
    with pytest.raises(StatementError, match="time zone"), database.transaction() as session:
        session.add(Thing(name="b", at=NOON.replace(tzinfo=None)))
    assert names(database) == ["a"]


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    def fail_half_way() -> None:
        with database.transaction() as session:
            session.add(Thing(name="a", at=NOON))
            session.flush()
            raise TimeoutError

    with pytest.raises(TimeoutError):
        fail_half_way()
    assert names(database) == []


def test_reading_changes_nothing(database: Database) -> None:
    with database.reading() as session:
        session.add(Thing(name="a", at=NOON))
        session.flush()
    assert names(database) == []


def test_two_writers_queue_and_lose_no_count(database: Database) -> None:
    with database.transaction() as session:
        session.add(Thing(name="a", at=NOON))

    def count_up() -> None:
        for _each in range(20):
            with database.transaction() as session:
                thing = session.get(Thing, "a")
                assert thing
                thing.number += 1

    threads = [threading.Thread(target=count_up) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalars(select(Thing.number)).one() == 80


def test_a_commit_is_on_disk_and_foreign_keys_hold(database: Database) -> None:
    with database.reading() as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1} | {
        "busy_timeout": 5000
    }


def test_the_relay_is_woken_after_the_commit_and_only_then(database: Database) -> None:
    woken: list[list[str]] = []
    database.on_outbox = lambda: woken.append(names(database))

    def fail() -> None:
        with database.transaction() as session:
            wake_relay(session)
            raise TimeoutError

    with database.transaction() as session:
        session.add(Thing(name="a", at=NOON))
        wake_relay(session)
    with database.transaction() as session:
        session.add(Thing(name="b", at=NOON))
    with pytest.raises(TimeoutError):
        fail()
    assert woken == [["a"]]


def test_an_error_tells_no_values(database: Database) -> None:
    def add() -> None:
        with database.transaction() as session:
            session.add(Thing(name="Siân O'Neill-Ŵyn", at=NOON))

    add()
    with pytest.raises(IntegrityError) as caught:
        add()
    assert "Siân" not in str(caught.value)
