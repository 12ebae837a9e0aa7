"""The adapters of the event bus that the contract tests run against."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.bus import EVENTS, Binding, Bus
from shared.bus.embedded import EmbeddedBus
from shared.bus.rabbitmq import RabbitMQBus
from tests.support.rabbitmq import Broker

LADDER = (0.05, 0.1)
QUEUE = "iamis.test"
ALL = [Binding(EVENTS, "#")]

OpenBus = Callable[[], Bus]


def embedded(folder: Path) -> OpenBus:
    return lambda: EmbeddedBus(folder / "bus.sqlite", LADDER, poll=0.05)


def on_rabbitmq(broker: Broker) -> OpenBus:
    url = broker.new_host()
    return lambda: RabbitMQBus(url, broker.rabbitmq.management_url, LADDER)


@pytest.fixture(params=["embedded", "rabbitmq"])
def open_bus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenBus]:
    """Opens connections to one empty broker, with a short retry ladder."""
    if request.param == "embedded":
        opener = embedded(tmp_path)
    else:
        opener = on_rabbitmq(request.getfixturevalue("broker"))
    opened: list[Bus] = []

    def open_one() -> Bus:
        bus = opener()
        opened.append(bus)
        return bus

    yield open_one
    for bus in opened:
        bus.close()


@pytest.fixture
def bus(open_bus: OpenBus) -> Bus:
    bus = open_bus()
    bus.declare(QUEUE, ALL)
    return bus
