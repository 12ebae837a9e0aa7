"""A service at work: serving HTTP, and its relay and consumer running.

On the embedded stack one process does all of it. On the real stack serving and the rest are
processes of their own, each in as many copies as are needed.
"""

import logging
import pkgutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from enum import Enum
from functools import partial
from typing import Any

from flask import Flask

from shared.bus import Bus, Handle, nothing
from shared.bus.embedded import EmbeddedBus
from shared.db import Database
from shared.events.consumer import Consumer
from shared.events.gauges import Gauges
from shared.events.relay import Relay
from shared.pulse import Pulse
from shared.revisions import needed_by
from shared.service import Service
from shared.settings import settings
from shared.web.app import create_app

RESTART_SECONDS = 1.0
JOIN_SECONDS = 10.0
# A round takes seconds at most, and waits for what is away are shorter than half a minute.
PULSE_SECONDS = 90.0

log = logging.getLogger(__name__)


def open_bus() -> Bus:
    """A connection to the bus of this stack, for one thread.

    An adapter is imported when it is needed: every process pays for what it imports.
    """
    told = settings()
    if told.amqp_url:
        rabbitmq = pkgutil.resolve_name("shared.bus.rabbitmq:RabbitMQBus")
        bus: Bus = rabbitmq(told.amqp_url, told.amqp_management_url, told.retry_ladder)
        return bus
    return EmbeddedBus(told.bus_file, told.retry_ladder)


def open_database(service: Service) -> Database:
    return Database(settings().database_url(service.name), service.name)


def web_app(
    service: Service, database: Database, is_working: Callable[[], bool] = lambda: True
) -> Flask:
    """The service's web application; what it adds of its own (pages) is added here.

    `is_working` tells whether what runs beside it in this process does: `/readyz` says so.
    """
    app = create_app(
        service.routes,
        database,
        public=service.public,
        is_working=is_working,
        needed=needed_by(service.folder),
    )
    service.extend(app)
    return app


class Role(Enum):
    """What of a service works on its events."""

    RELAY = "relay"
    CONSUMER = "consumer"
    ALL = "all"


def _consume(
    queue: str, handle: Handle, stop: threading.Event, beat: Callable[[], None] = nothing
) -> None:
    # Closed whatever happens: what it holds of the queue is given back.
    with closing(open_bus()) as bus:
        bus.consume(queue, handle, stop, beat)


class Background:
    """The relay and the consumer of a service, each a thread with a bus of its own.

    And what the service itself has to do beside them.
    """

    def __init__(self, service: Service, database: Database, role: Role = Role.ALL) -> None:
        self._service = service
        self._database = database
        self._stop = threading.Event()
        self._bus: Bus | None = None
        self._relay: Relay | None = None
        self._pulses: list[Pulse] = []
        self._threads = list(self._threads_of(role))

    def _threads_of(self, role: Role) -> Iterator[threading.Thread]:
        name, handlers = self._service.name, self._service.handlers
        if role is not Role.CONSUMER:
            self._bus = open_bus()
            self._relay = Relay(self._database, self._bus)
            yield self._thread(f"{name} relay", partial(self._relay.run, beat=self._new_pulse()))
            gauges = Gauges(name, self._database, open_bus, self.stalled_seconds)
            yield self._thread(f"{name} gauges", gauges.run)
            for what, run in self._service.beside.items():
                yield self._thread(f"{name} {what}", partial(run, self._database))
        if role is not Role.RELAY and handlers:
            consumer = Consumer(self._database, handlers)
            queue, beat = self._service.queue, self._new_pulse()
            consume = partial(_consume, queue, consumer.handle_all, beat=beat)
            yield self._thread(f"{name} consumer", consume)

    def start(self) -> "Background":
        for thread in self._threads:
            thread.start()
        return self

    def _new_pulse(self) -> Callable[[], None]:
        self._pulses.append(Pulse())
        return self._pulses[-1].beat

    def alive(self) -> bool:
        """Whether every thread runs; one that ended does not come back in this process."""
        return all(thread.is_alive() for thread in self._threads)

    def works(self) -> bool:
        """Whether they get on: none hangs in a handler, or fails again and again."""
        return self.alive() and self.stalled_seconds() < PULSE_SECONDS

    def stalled_seconds(self) -> float:
        """For how long the one that gets on least has not finished a round."""
        return max((one.age_seconds for one in self._pulses), default=0.0)

    def stop(self) -> None:
        """Let the events in hand finish, publish nothing more, and return within one grace."""
        self._stop.set()
        if self._relay:
            self._relay.wake()
        until = time.monotonic() + JOIN_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        if self._bus:
            self._bus.close()

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
