"""What waits, as Prometheus sees it."""

from email.message import EmailMessage
from math import isnan
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from shared.bus import BusError, Counts
from shared.bus.embedded import EmbeddedBus
from shared.db import Database
from shared.events.gauges import Gauges
from shared.mail.letter import Letter
from shared.mail.queue import Reader, queue
from shared.mail.sender import Sender
from shared.mail.transport import RefusedError
from shared.settings import settings
from tests.support.metrics import Moved
from tests.support.service import BOARD, ServiceUnderTest


class CountedBus(EmbeddedBus):
    """A bus that has what the test says, or is not there."""

    told: Counts | None = Counts(waiting=3, dead=1)

    def counts(self, queue: str) -> Counts:
        assert queue == "iamis.sample"
        if self.told is None:
            raise BusError("no broker")
        return self.told


@pytest.fixture
def bus(tmp_path: Path) -> CountedBus:
    return CountedBus(tmp_path / "bus.sqlite")


def on_time() -> float:
    return 0.0


def gauge(name: str, **labels: str) -> float:
    value = REGISTRY.get_sample_value(name, labels)
    assert value is not None
    return value


def test_the_gauges_tell_what_waits(under_test: ServiceUnderTest, bus: CountedBus) -> None:
    gauges = Gauges("sample", under_test.database, lambda: bus, on_time)
    gauges.look(bus)
    assert gauge("iamis_outbox_waiting", service="sample") == 0
    assert gauge("iamis_outbox_oldest_seconds", service="sample") == 0
    assert gauge("iamis_queue_waiting", queue="iamis.sample") == 3
    assert gauge("iamis_dead_letters", queue="iamis.sample") == 1

    for version in (1, 2):
        under_test.call("POST", "/api/sample/changes", BOARD, json={"version": version})
    gauges.look(bus)
    assert gauge("iamis_outbox_waiting", service="sample") == 2
    assert gauge("iamis_outbox_oldest_seconds", service="sample") > 0


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail is sealed while it waits."""
    monkeypatch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
    settings.cache_clear()


def mail(under_test: ServiceUnderTest, *keys: str) -> None:
    with under_test.transaction() as session:
        for key in keys:
            reader = Reader("a@bryn.example", "Ann", "en")
            queue(session, reader, "test", Letter("Subject", ("Hello",)), key)


def sender(under_test: ServiceUnderTest, *faults: Exception) -> Sender:
    """One whose server fails like this first."""
    left = list(faults)

    def transport(_message: EmailMessage) -> None:
        if left:
            raise left.pop(0)

    return Sender(under_test.database, transport, "b@bryn.example")


@pytest.mark.usefixtures("sealed")
def test_each_try_of_a_mail_is_counted_by_what_became_of_it(under_test: ServiceUnderTest) -> None:
    moved = Moved()
    trying = sender(under_test, OSError(), RefusedError("SMTP 550"))
    for key in ("one", "two", "three"):
        mail(under_test, key)
        assert trying.send_next()
    assert moved.of("iamis_mails_total") == {
        (outcome, "sample"): 1 for outcome in ("put_off", "given_up", "sent")
    }


@pytest.mark.usefixtures("sealed")
def test_they_tell_of_mail_too(under_test: ServiceUnderTest, bus: CountedBus) -> None:
    gauges = Gauges("sample", under_test.database, lambda: bus, on_time)
    gauges.look(bus)
    assert gauge("iamis_mails_waiting", service="sample") == 0
    assert gauge("iamis_mails_oldest_seconds", service="sample") == 0

    mail(under_test, "one", "two")
    gauges.look(bus)
    assert gauge("iamis_mails_waiting", service="sample") == 2
    assert gauge("iamis_mails_oldest_seconds", service="sample") > 0

    sender(under_test).send_next()
    gauges.look(bus)
    assert gauge("iamis_mails_waiting", service="sample") == 1


def test_what_cannot_be_looked_at_is_not_a_number(bus: CountedBus) -> None:
    bus.told = None
    Gauges("sample", Database("sqlite://"), lambda: bus, on_time).look(bus)
    assert isnan(gauge("iamis_outbox_waiting", service="sample"))
    assert isnan(gauge("iamis_outbox_oldest_seconds", service="sample"))
    assert isnan(gauge("iamis_mails_waiting", service="sample"))
    assert isnan(gauge("iamis_mails_oldest_seconds", service="sample"))
    assert isnan(gauge("iamis_queue_waiting", queue="iamis.sample"))
    assert isnan(gauge("iamis_dead_letters", queue="iamis.sample"))
