"""What a page says while the gateway's own database gives nothing, or no connection is free."""

import logging

import pytest
from sqlalchemy import event

from shared import engine
from tests.support.gateway import Browser
from tests.support.metrics import Moved
from tests.support.pools import Hasty
from tests.support.service import ServiceUnderTest

SHEET = "/centres/68101/papers/p1/marksheet"
IN_VAIN = "iamis_database_connection_timeouts_total"


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not get the one connection gives up soon."""
    monkeypatch.setattr(engine, "WatchedPool", Hasty)


@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize(
    ("path", "kind"), [(SHEET, "text/html"), (f"/api/marks{SHEET}", "application/problem+json")]
)
def test_who_gets_none_is_told_to_try_again(
    gateway: ServiceUnderTest,
    browser: Browser,
    caplog: pytest.LogCaptureFixture,
    path: str,
    kind: str,
) -> None:
    browser.sign_in()
    moved = Moved()
    with gateway.database.engine.connect(), caplog.at_level(logging.ERROR):
        answer = browser.get(path)
    assert (answer.status_code, answer.mimetype) == (503, kind)
    assert answer.headers["Retry-After"] == "5"
    assert "Please try again in a moment." in answer.text
    assert list(moved.of(IN_VAIN).values()) == [1]
    told = [record for record in caplog.records if "no connection" in record.message]
    assert [record.exc_info for record in told] == [None]


def test_whatever_the_database_fails_at_is_told_on_a_page(
    gateway: ServiceUnderTest, browser: Browser
) -> None:
    """For PostgreSQL an unknown function is a fault of ours, for SQLite of the database."""
    browser.sign_in()

    def something_else(*_given: object) -> tuple[str, tuple[()]]:
        return "SELECT of_nothing()", ()

    event.listen(gateway.database.engine, "before_cursor_execute", something_else, retval=True)
    answer = browser.get(SHEET)
    assert (answer.status_code in {500, 503}, answer.mimetype) == (True, "text/html")
