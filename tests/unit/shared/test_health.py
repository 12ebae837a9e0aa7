"""Alive, ready, measured: what a service answers to those who look after it."""

import pytest
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)

from shared.db import Database
from shared.migrate import PLATFORM, chain_of
from shared.revisions import PLATFORM_TABLE, needed_by
from shared.service import load_service
from shared.web.app import create_app
from shared.web.routes import Routes
from tests.support.service import BOARD, ServiceUnderTest


def test_a_service_is_alive_and_ready(under_test: ServiceUnderTest) -> None:
    for path in ("/livez", "/readyz"):
        answer = under_test.call("GET", path)
        assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_without_its_database_it_is_alive_and_not_ready(
    under_test: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_database: Database) -> None:
        raise OperationalError("SELECT secret", {}, Exception("the disk is gone"))

    monkeypatch.setattr(Database, "reading", fail)
    assert under_test.call("GET", "/livez").status_code == 200
    refused = under_test.call("GET", "/readyz")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert "secret" not in refused.text
    assert "disk" not in refused.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("SELECT secret", {}, Exception("lock timeout")), 503),
        (InterfaceError("SELECT secret", {}, Exception("closed")), 503),
        (DBAPIError("SELECT secret", {}, Exception("gone"), connection_invalidated=True), 503),
        (DataError("SELECT secret", {}, Exception("NUL")), 422),
        (IntegrityError("SELECT secret", {}, Exception("duplicate")), 500),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_database_says_has_its_status_and_tells_nothing(
    under_test: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(_database: Database) -> None:
        raise error

    monkeypatch.setattr(Database, "reading", fail)
    refused = under_test.call("GET", "/api/sample/own", BOARD)
    assert refused.status_code == status
    assert refused.content_type == "application/problem+json"
    assert "secret" not in refused.text
    assert str(getattr(error, "orig", "")) not in refused.text


def test_it_is_not_ready_when_nobody_works_on_its_events(under_test: ServiceUnderTest) -> None:
    works = [True]
    app = create_app(Routes("sample"), under_test.database, is_working=lambda: works[0])
    client = app.test_client()
    assert client.get("/readyz").status_code == 200

    works[0] = False
    refused = client.get("/readyz")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert client.get("/livez").status_code == 200


def test_it_is_not_ready_where_its_tables_are_missing_or_behind(
    under_test: ServiceUnderTest,
) -> None:
    def status(**needed: str) -> int:
        app = create_app(Routes("sample"), under_test.database, needed=needed)
        return app.test_client().get("/readyz").status_code

    newest = needed_by(load_service("marks").folder)[PLATFORM_TABLE]
    assert status(**{PLATFORM_TABLE: newest}) == 200
    # Prepared by a later release, which was here before.
    assert status(**{PLATFORM_TABLE: "0001"}) == 200
    assert status(**{PLATFORM_TABLE: "9999"}) == 503
    assert status(**{PLATFORM_TABLE: newest, "no_such_table": "0001"}) == 503


def test_what_a_service_needs_is_what_its_migrations_bring() -> None:
    service = load_service("marks")
    heads = {one.version_table: max(one.heads()) for one in (PLATFORM, chain_of(service))}
    assert needed_by(service.folder) == heads


def test_requests_are_counted_by_route_and_never_by_path(under_test: ServiceUnderTest) -> None:
    under_test.call("PUT", "/api/sample/centres/68101/papers/p1")
    under_test.call("GET", "/api/sample/nowhere-at-all")
    told = under_test.call("GET", "/metrics").text
    assert 'route="/api/sample/centres/<centre_no>/papers/<paper_id>"' in told
    assert "centres/68101" not in told
    assert "nowhere-at-all" not in told
