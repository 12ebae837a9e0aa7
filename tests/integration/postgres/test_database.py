"""The database of a service on PostgreSQL: transactions, races and what is not for ever."""

import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from shared.db import ATTEMPTS, Database, forget
from shared.events.models import Inbox, Sequence, Watermark
from shared.launcher.postgres import Postgres
from shared.locks import LockTakenError, NamedLock, held_alone, queue_for
from tests.integration.postgres.conftest import Start
from tests.support.together import together
from tests.support.waiting import wait_for

NAME = "Siân Smith"
NOON = datetime(2031, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def database(start: Start) -> Database:
    return start("uploads").database


@pytest.fixture
def second(database: Database) -> Iterator[Database]:
    """The same database as another process has it."""
    opened = Database(database.engine.url.render_as_string(hide_password=False))
    yield opened
    opened.close()


def put(database: Database, **sequences: int) -> None:
    with database.transaction() as session:
        session.add_all(Sequence(subject=name, value=value) for name, value in sequences.items())


def value(database: Database, subject: str) -> int | None:
    with database.reading() as session:
        return session.scalar(select(Sequence.value).where(Sequence.subject == subject))


def count_up(session: Session, subject: str) -> None:
    row = select(Sequence).where(Sequence.subject == subject).with_for_update()
    session.scalars(row).one().value += 1


def test_an_error_names_the_rule_and_not_the_row(database: Database) -> None:
    put(database, **{NAME: 1})
    with pytest.raises(IntegrityError) as failed:
        put(database, **{NAME: 2})
    told = "".join(traceback.format_exception(failed.value)) + repr(failed.value)
    assert "violates unique constraint" in str(failed.value)
    assert NAME not in told


def test_a_url_may_leave_the_driver_out(database: Database) -> None:
    plain = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    opened = Database(plain)
    with opened.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1
    opened.close()


def test_every_wait_has_an_end(database: Database) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "timezone")
    with database.reading() as session:
        found = {name: session.scalar(text(f"SHOW {name}")) for name in names}
    assert found == {
        "statement_timeout": "30s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "1min",
        "timezone": "UTC",
    }


def test_who_only_looks_sees_one_moment_and_writes_nothing(database: Database) -> None:
    put(database, a=1)
    with database.reading() as session:
        before = session.scalar(select(Sequence.value))
        with database.transaction() as other:
            other.execute(update(Sequence).values(value=2))
        assert session.scalar(select(Sequence.value)) == before == 1
        with pytest.raises(DBAPIError, match="read-only transaction"):
            session.execute(update(Sequence).values(value=3))
    assert value(database, "a") == 2


def test_two_writers_lose_no_count(database: Database) -> None:
    put(database, a=0)

    def count() -> None:
        for _each in range(10):
            database.run(lambda session: count_up(session, "a"))

    together(*[count] * 4)
    assert value(database, "a") == 40


def test_a_deadlock_costs_the_loser_a_second_attempt(database: Database) -> None:
    put(database, a=0, b=0)
    both_hold_one = threading.Barrier(2)
    attempts: list[str] = []

    def swap(first: str, then: str) -> Callable[[], None]:
        def work(session: Session) -> None:
            again = first in attempts
            attempts.append(first)
            count_up(session, first)
            session.flush()
            if not again:
                both_hold_one.wait(30)
            count_up(session, then)

        return lambda: database.run(work)

    together(swap("a", "b"), swap("b", "a"))
    assert (value(database, "a"), value(database, "b")) == (2, 2)
    assert len(attempts) == 3


def test_who_was_overtaken_by_an_insert_looks_again(database: Database) -> None:
    seen: list[int | None] = []

    def count_or_begin(session: Session) -> None:
        found = session.get(Sequence, "a")
        seen.append(found.value if found else None)
        if found:
            found.value += 1
            return
        put(database, a=1)
        session.add(Sequence(subject="a", value=1))

    database.run(count_or_begin)
    assert seen == [None, 1]
    assert value(database, "a") == 2


def test_what_fails_each_time_fails_in_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.db.LONGEST_PAUSE_MS", 1)
    put(database, a=1)
    attempts: list[int] = []

    def insert_again(session: Session) -> None:
        attempts.append(1)
        session.execute(insert(Sequence).values(subject="a", value=9))

    with pytest.raises(IntegrityError) as caught:
        database.run(insert_again)
    assert len(attempts) == ATTEMPTS
    assert value(database, "a") == 1
    assert "parameters hidden" in str(caught.value)


def test_any_other_failure_is_no_race(database: Database) -> None:
    attempts: list[int] = []

    def divide(session: Session) -> None:
        attempts.append(1)
        session.execute(text("SELECT 1/0"))

    with pytest.raises(DBAPIError):
        database.run(divide)
    assert len(attempts) == 1


def test_a_lock_is_not_waited_for_for_ever(database: Database) -> None:
    put(database, a=1)
    with database.transaction() as holder, database.transaction() as other:
        count_up(holder, "a")
        holder.flush()
        other.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            count_up(other, "a")
        other.rollback()


def test_old_rows_are_forgotten_and_nobody_waits_for_another(database: Database) -> None:
    with database.transaction() as session:
        session.add_all(Inbox(id=str(number), handled_at=NOON) for number in range(4))
    everything = Inbox.handled_at <= NOON
    with database.transaction() as first:
        held = select(Inbox).where(Inbox.id == "2").with_for_update()
        first.scalars(held).one()
        with database.transaction() as other:
            forget(other, Inbox, everything)
    with database.reading() as session:
        assert session.scalars(select(Inbox.id)).all() == ["2"]


class TestNamedLocks:
    def test_one_holds_it_and_it_ends_with_its_connection(
        self, database: Database, second: Database, server: Postgres
    ) -> None:
        with NamedLock(database.engine, "x") as ours, NamedLock(second.engine, "x") as theirs:
            assert ours.take()
            assert not theirs.take()
            ours.check()
            with server.admin() as admin:
                pid = ours.connection.info.backend_pid
                admin.execute("SELECT pg_terminate_backend(%s)", [pid])
            with pytest.raises(psycopg.OperationalError):
                ours.check()
            wait_for("the lock is free again", theirs.take)
            assert ours.is_held
            ours.release()
            assert not ours.take()

    def test_waiting_for_it_has_an_end(self, database: Database, second: Database) -> None:
        with (
            held_alone(database.engine, "x", 1),
            held_alone(second.engine, "y", 1),
            pytest.raises(LockTakenError, match="somebody else has held the lock 'x'"),
            held_alone(second.engine, "x", 0.2),
        ):
            pytest.fail("two hold it")
        with held_alone(second.engine, "x", 1):
            pass

    def test_transactions_queue_where_they_name_the_same(self, database: Database) -> None:
        put(database, a=0)

        def look_then_write(*names: str) -> Callable[[], None]:
            def work() -> None:
                with database.transaction() as session:
                    queue_for(session, *names)
                    found = session.scalar(select(Sequence.value)) or 0
                    session.execute(update(Sequence).values(value=found + 1))

            return work

        together(*[look_then_write("p", "q"), look_then_write("q", "p")] * 4)
        assert value(database, "a") == 8


def test_text_sorts_as_on_sqlite(database: Database, tmp_path: Path) -> None:
    words = ["b", "A", "a", "Z", "é", "e", "ŵyn", "wyn", "O'Neill", "ONeill", "1", " ", "ß", "ss"]
    lite = Database(f"sqlite:///{tmp_path / 'sorted.sqlite'}")
    Watermark.metadata.create_all(lite.engine)
    found = []
    for each in (database, lite):
        with each.transaction() as session:
            session.add_all(Watermark(aspect=word, sequence=1) for word in words)
        with each.reading() as session:
            found.append(session.scalars(select(Watermark.aspect).order_by(Watermark.aspect)).all())
    lite.close()
    assert found[0] == found[1] == sorted(words)


def test_a_connection_that_breaks_leaves_nothing_behind(database: Database) -> None:
    def break_off() -> None:
        with database.transaction() as session:
            session.execute(insert(Sequence).values(subject="a", value=1))
            driver = session.connection().connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            driver.close()

    with pytest.raises(DBAPIError):
        break_off()
    assert value(database, "a") is None
