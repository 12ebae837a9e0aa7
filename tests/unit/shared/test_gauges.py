"""What waits, as Prometheus sees it."""

from math import isnan
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from shared.bus import BusError, Counts
from shared.bus.embedded import EmbeddedBus
from shared.db import Database
from shared.events.gauges import Gauges
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


def gauge(name: str, **labels: str) -> float:
    value = REGISTRY.get_sample_value(name, labels)
    assert value is not None
    return value


def test_the_gauges_tell_what_waits(under_test: ServiceUnderTest, bus: CountedBus) -> None:
    gauges = Gauges("sample", under_test.database, lambda: bus)
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


def test_what_cannot_be_looked_at_is_not_a_number(bus: CountedBus) -> None:
    bus.told = None
    Gauges("sample", Database("sqlite://"), lambda: bus).look(bus)
    assert isnan(gauge("iamis_outbox_waiting", service="sample"))
    assert isnan(gauge("iamis_outbox_oldest_seconds", service="sample"))
    assert isnan(gauge("iamis_queue_waiting", queue="iamis.sample"))
    assert isnan(gauge("iamis_dead_letters", queue="iamis.sample"))
