"""Alive, ready, measured: what a service answers to those who look after it."""

import pytest
from sqlalchemy.exc import OperationalError

from shared.db import Database
from tests.support.service import ServiceUnderTest


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


def test_requests_are_counted_by_route_and_never_by_path(under_test: ServiceUnderTest) -> None:
    under_test.call("PUT", "/api/sample/centres/68101/papers/p1")
    under_test.call("GET", "/api/sample/nowhere-at-all")
    told = under_test.call("GET", "/metrics").text
    assert 'route="/api/sample/centres/<centre_no>/papers/<paper_id>"' in told
    assert "centres/68101" not in told
    assert "nowhere-at-all" not in told
