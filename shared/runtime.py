"""A service at work: serving HTTP, and its relay and consumer running."""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any

from flask import Flask

from shared.bus import Bus, Handle
from shared.bus.embedded import EmbeddedBus
from shared.db import Database
from shared.events.consumer import Consumer
from shared.events.relay import Relay
from shared.service import Service
from shared.settings import settings
from shared.web.app import create_app

RESTART_SECONDS = 1.0
JOIN_SECONDS = 10.0

log = logging.getLogger(__name__)


def open_bus() -> Bus:
    """A connection to the bus of this stack, for one thread."""
    return EmbeddedBus(settings().bus_file)


def open_database(service: Service) -> Database:
    return Database(settings().database_url(service.name))


def web_app(service: Service, database: Database) -> Flask:
    """The service's web application; what it adds of its own (pages) is added here."""
    app = create_app(service.routes, database, public=service.public)
    service.extend(app)
    return app


def _consume(queue: str, handle: Handle, stop: threading.Event) -> None:
    # Closed whatever happens: what it holds of the queue is given back.
    with closing(open_bus()) as bus:
        bus.consume(queue, handle, stop)


class Background:
    """The relay and the consumer of a service, each a thread with a bus of its own."""

    def __init__(self, service: Service, database: Database) -> None:
        self._stop = threading.Event()
        self._relay = Relay(database, open_bus())
        self._threads = [self._thread(f"{service.name} relay", self._relay.run)]
        if service.handlers:
            consumer = Consumer(database, service.handlers)
            consume = partial(_consume, service.queue, consumer.handle)
            self._threads.append(self._thread(f"{service.name} consumer", consume))

    def start(self) -> "Background":
        for thread in self._threads:
            thread.start()
        return self

    def alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        """Let the event being handled finish, publish nothing more, and return."""
        self._stop.set()
        self._relay.wake()
        for thread in self._threads:
            thread.join(JOIN_SECONDS)

    def _thread(self, name: str, run: Callable[[threading.Event], Any]) -> threading.Thread:
        def keep_running() -> None:
            while not self._stop.is_set():
                try:
                    run(self._stop)
                except Exception:
                    # A bus that went away: begin anew with a fresh connection.
                    log.exception("%s failed", name)
                    self._stop.wait(RESTART_SECONDS)

        return threading.Thread(target=keep_running, name=name, daemon=True)
