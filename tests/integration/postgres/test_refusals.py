"""What a database cannot do now is said as that, and no race is a fault of ours."""

import pytest
from sqlalchemy import Connection, event

from shared import clock
from shared.files import store
from shared.web import idempotency
from tests.integration.postgres.conftest import Start
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest
from tests.unit.uploads.builders import IN_TIME, sampled_sheet
from tests.unit.uploads.sending import begin

KEY = idempotency.key_of("board-1", "/path", "k1")


@pytest.fixture
def service(start: Start) -> ServiceUnderTest:
    return start("uploads")


def test_a_server_that_only_reads_is_not_available_now(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a standby is, before it takes over."""
    monkeypatch.setattr(store, "bucket", MemoryStorage)
    monkeypatch.setattr(clock, "now", lambda: IN_TIME)
    sampled_sheet(service)

    def only_read(connection: Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    event.listen(service.database.engine, "begin", only_read)
    answer = begin(service)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_key_that_is_let_go_while_another_asks_for_it_is_that_ones(
    service: ServiceUnderTest,
) -> None:
    database, lettings = service.database, [KEY]

    def let_go(_connection: Connection, _cursor: object, statement: str, *_given: object) -> None:
        if statement.startswith("INSERT") and lettings:
            with database.transaction() as other:
                idempotency.release(other, lettings.pop())

    with database.transaction() as session:
        assert idempotency.claim(session, KEY, b"body") is None
    event.listen(database.engine, "after_cursor_execute", let_go)
    with database.transaction() as session:
        assert idempotency.claim(session, KEY, b"body") is None
    assert not lettings
