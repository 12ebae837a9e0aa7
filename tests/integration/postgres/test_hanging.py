"""A PostgreSQL that hangs and does not die: an answer in a bounded time, and no help to recover."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.marks.api import exports
from shared import engine
from shared.backup.point import be_patient
from shared.db import is_away
from shared.launcher.postgres import Postgres
from shared.web.problems import PROBLEM
from tests.integration.postgres.conftest import Start
from tests.support.service import BOARD, ServiceUnderTest, admin_of
from tests.support.waiting import wait_for

CENTRE = "68101"
PATHS = ("/readyz", f"/api/marks/centres/{CENTRE}/papers")
OK, UNAVAILABLE = 200, 503
SECONDS = 30


@pytest.fixture
def service(start: Start, monkeypatch: pytest.MonkeyPatch) -> ServiceUnderTest:
    """With limits that are shorter than those of `shared.engine`."""
    monkeypatch.setattr(engine, "CONNECT_SECONDS", 2)
    monkeypatch.setattr(engine, "ANSWER_SECONDS", 1.0)
    monkeypatch.setattr(engine, "PING_SECONDS", 0.5)
    return start("marks")


@contextmanager
def hanging(server: Postgres) -> Iterator[None]:
    """Every process of the server stands still; what is sent to it is still taken."""
    postmaster = int((server.data / "postmaster.pid").read_text("utf-8").splitlines()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    stopped = [postmaster, *map(int, children)]
    try:
        for pid in stopped:
            _tell(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in stopped:
            _tell(pid, signal.SIGCONT)


def _tell(pid: int, what: signal.Signals) -> None:
    """One that served somebody who has left may have ended meanwhile."""
    with suppress(ProcessLookupError):
        os.kill(pid, what)


def ask(service: ServiceUnderTest, path: str) -> tuple[int, str]:
    """The status and the content type; how long it took is printed."""
    began = time.monotonic()
    answer = service.call("GET", path, as_=admin_of(CENTRE))
    print(f"{path}: {answer.status_code} after {time.monotonic() - began:.1f} s")
    return answer.status_code, answer.headers["Content-Type"]


def test_a_request_is_told_and_all_is_well_when_it_is_over(
    service: ServiceUnderTest, server: Postgres
) -> None:
    for path in PATHS:
        assert ask(service, path)[0] == OK
    with hanging(server):
        for path in PATHS:
            assert ask(service, path) == (UNAVAILABLE, PROBLEM)
    for path in PATHS:
        wait_for(f"{path} answers", lambda: ask(service, path)[0] == OK, SECONDS)  # noqa: B023


def test_a_statement_under_way_is_given_up(service: ServiceUnderTest, server: Postgres) -> None:
    def hang_half_way() -> None:
        with service.database.transaction() as session:
            session.execute(text("SELECT 1"))
            with hanging(server):
                session.execute(text("SELECT 2"))

    with pytest.raises(DBAPIError) as caught:
        hang_half_way()
    assert is_away(caught.value)
    with service.database.reading() as session:
        assert session.scalar(text("SELECT 3")) == 3


SLOWLY = text("SELECT 4 FROM pg_sleep(1.5)")


def test_a_migration_takes_its_time(service: ServiceUnderTest) -> None:
    with service.database.engine.begin() as connection:
        engine.take_time(connection)
        assert connection.scalar(SLOWLY) == 4


def test_a_backup_takes_its_time_and_nobody_after_it(service: ServiceUnderTest) -> None:
    with service.database.reading() as session:
        be_patient(session)
        assert session.scalar(SLOWLY) == 4
        used = session.connection().connection.driver_connection
    with service.database.reading() as session:
        assert session.connection().connection.driver_connection is used
        with pytest.raises(DBAPIError):
            session.scalar(SLOWLY)


def test_an_export_takes_its_time(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(session: Session, _series: object) -> Iterator[list[object]]:
        session.execute(SLOWLY)
        return iter(())

    monkeypatch.setattr(exports, "marks_of_series", slow)
    answer = service.call("GET", "/api/marks/exports/marks?series=JUNE%202031", BOARD)
    assert (answer.status_code, len(answer.data.splitlines())) == (OK, 1)
