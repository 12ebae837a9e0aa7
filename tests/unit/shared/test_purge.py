"""Events long done are forgotten, in batches, and nothing else is."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from shared import clock
from shared.events import purge as module
from shared.events.models import Inbox, Outbox
from shared.events.purge import KEPT, purge
from shared.events.relay import Relay
from tests.support.recorder import RecordingBus
from tests.support.service import ServiceUnderTest
from tests.support.waiting import wait_for

NOW = datetime(2031, 6, 1, 12, tzinfo=UTC)
OLD = NOW - KEPT - timedelta(seconds=1)
KEPT_STILL = NOW - KEPT + timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(module, "BATCH", 3)


def outbox_row(number: int, published_at: datetime | None) -> Outbox:
    return Outbox(
        id=f"o{number}",
        exchange="e",
        routing_key="k",
        subject="users/u1",
        body=b"{}",
        created_at=OLD,
        published_at=published_at,
    )


def left(under_test: ServiceUnderTest) -> tuple[list[str], list[str]]:
    with under_test.database.reading() as session:
        outbox = session.scalars(select(Outbox.id).order_by(Outbox.id)).all()
        return list(outbox), list(session.scalars(select(Inbox.id).order_by(Inbox.id)).all())


def fill(under_test: ServiceUnderTest, old: int) -> None:
    with under_test.transaction() as session:
        session.add_all(outbox_row(number, OLD) for number in range(old))
        session.add_all(Inbox(id=f"i{number}", handled_at=OLD) for number in range(old))
        session.add(outbox_row(7, KEPT_STILL))
        session.add(outbox_row(8, None))
        session.add(Inbox(id="i7", handled_at=KEPT_STILL))


def test_old_rows_go_a_batch_at_a_time(under_test: ServiceUnderTest) -> None:
    fill(under_test, old=4)
    assert under_test.database.run(purge)
    assert left(under_test) == (["o3", "o7", "o8"], ["i3", "i7"])
    assert not under_test.database.run(purge)
    assert left(under_test) == (["o7", "o8"], ["i7"])
    assert not under_test.database.run(purge)


def test_what_was_never_published_is_kept_for_ever(under_test: ServiceUnderTest) -> None:
    with under_test.transaction() as session:
        session.add(outbox_row(1, None))
    assert not under_test.database.run(purge)
    assert left(under_test) == (["o1"], [])


def test_the_relay_does_it_as_soon_as_it_starts(under_test: ServiceUnderTest) -> None:
    fill(under_test, old=7)
    stop = threading.Event()
    relay = threading.Thread(target=Relay(under_test.database, RecordingBus([])).run, args=(stop,))
    relay.start()
    try:
        wait_for("old rows are gone", lambda: left(under_test) == (["o7", "o8"], ["i7"]))
    finally:
        stop.set()
        relay.join(10)
