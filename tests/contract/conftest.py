"""The adapters of the event bus that the contract tests run against."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.bus import Bus
from shared.bus.embedded import EmbeddedBus

LADDER = (0.05, 0.1)

OpenBus = Callable[[], Bus]


@pytest.fixture(params=["embedded"])
def open_bus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenBus]:
    """Opens connections to one empty broker, with a short retry ladder."""
    opened: list[Bus] = []

    def open_one() -> Bus:
        adapters = {"embedded": lambda: EmbeddedBus(tmp_path / "bus.sqlite", LADDER, poll=0.05)}
        bus = adapters[request.param]()
        opened.append(bus)
        return bus

    yield open_one
    for bus in opened:
        bus.close()
