"""What is counted of requests: a bounded number of series, whatever clients send."""

import subprocess
from contextlib import suppress

import pytest

from shared.events.outbox import emit
from tests.support.metrics import Moved
from tests.support.service import ServiceUnderTest


def test_made_up_methods_and_paths_are_one_series(under_test: ServiceUnderTest) -> None:
    def series() -> list[str]:
        told = under_test.call("GET", "/metrics").get_data(as_text=True)
        return [line for line in told.splitlines() if 'service="sample"' in line]

    under_test.call("BREW0", "/api/sample/open")
    under_test.call("BREW0", "/brew/0")
    series()
    before = len(series())
    for number in range(1, 5):
        assert under_test.call(f"BREW{number}", "/api/sample/open").status_code == 405
        assert under_test.call(f"BREW{number}", f"/brew/{number}").status_code == 404
    assert len(series()) == before


def test_events_are_counted_when_they_are_true(under_test: ServiceUnderTest) -> None:
    key, data = "user.access_changed.v1", {"user_id": "u1", "access_version": 1}
    moved = Moved()
    with under_test.transaction() as session:
        emit(session, key, "users/u1", data)
        emit(session, key, "users/u2", data)
        assert moved.of("iamis_events_written_total") == {}
    with suppress(RuntimeError), under_test.transaction() as session:
        emit(session, key, "users/u3", data)
        raise RuntimeError("the change failed")
    assert moved.of("iamis_events_written_total") == {(key,): 2}


@pytest.mark.long
def test_they_keep_to_the_conventions(under_test: ServiceUnderTest) -> None:
    """Names, units and explanations, as Prometheus's own linter wants them."""
    under_test.call("GET", "/api/sample/open")
    told = under_test.call("GET", "/metrics").get_data()
    ended = subprocess.run(
        ["/usr/bin/promtool", "check", "metrics"], input=told, check=False, capture_output=True
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
