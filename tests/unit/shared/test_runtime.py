"""The background of a service: its consumer begins anew when the bus fails."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from shared import runtime
from shared.bus import BusError, Handle
from shared.db import Database
from shared.service import Service
from shared.web.routes import Routes


class FailingBus:
    """A bus whose first consumer fails."""

    opened: "list[FailingBus]"

    def __init__(self) -> None:
        self.closed = False
        self.number = len(self.opened)
        self.opened.append(self)

    def publish(self, _messages: object) -> set[str]:
        return set()

    def consume(self, _queue: str, _handle: Handle, stop: threading.Event) -> None:
        if self.number <= 1:
            message = "the disk is full"
            raise BusError(message)
        CONSUMING.set()
        stop.wait(10)

    def close(self) -> None:
        self.closed = True


CONSUMING = threading.Event()


def test_a_consumer_that_failed_is_closed_and_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FailingBus.opened = []
    monkeypatch.setattr(runtime, "open_bus", FailingBus)
    monkeypatch.setattr(runtime, "RESTART_SECONDS", 0.01)
    service = Service("sample", tmp_path, MetaData(), Routes("sample"))
    background = runtime.Background(service, Database("sqlite://")).start()
    assert CONSUMING.wait(10)
    assert background.alive()
    background.stop()
    _of_relay, first, second = FailingBus.opened
    assert first.closed
    assert second.closed
