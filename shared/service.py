"""What a service is to the platform: a name, routes, handlers and tables.

Services are found by the entry points of the group `iamis.services`, so that the platform never
imports one by name.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path

from flask import Flask
from sqlalchemy import MetaData
from sqlalchemy.orm import Session

from shared.access.handlers import ACCESS_HANDLERS
from shared.bus import Binding
from shared.db import Database
from shared.events.consumer import Handlers
from shared.events.republish import Present
from shared.events.schemas import EVENT_TYPES
from shared.web.routes import Routes


@dataclass(frozen=True)
class KeptObject:
    """What a row says of the object it names, which never changes; `size` is in bytes."""

    key: str
    content_type: str
    size: int
    sha256: str


Beside = Callable[[Database, threading.Event], None]
Objects = Callable[[Session], Iterable[KeptObject]]


def _nothing(_given: object) -> None:
    """Add nothing."""


@dataclass(frozen=True)
class Service:
    """One service. `folder` is where its code and its `migrations/` are.

    `present` tells its state again as events (`iamis republish`);
    `extend` adds to the web application what is not in the route table (the gateway's pages);
    `on_prepare` runs after the migrations; `public` is true for the one that people reach;
    `threads` is how many requests one worker answers at once, and `niceness` how far its processes
    stand back where the processor is short (as `nice` has it); each of `beside` runs, by its name,
    next to the relay and the consumer until it is told to stop. `objects` are those of the object
    storage that its rows name; `on_restore` puts right what a backup brings back.
    """

    name: str
    folder: Path
    metadata: MetaData
    routes: Routes
    own_handlers: Handlers = field(default_factory=dict)
    present: Present = field(default_factory=dict)
    extend: Callable[[Flask], None] = _nothing
    on_prepare: Callable[[Database], None] = _nothing
    public: bool = False
    threads: int = 8
    niceness: int = 0
    beside: Mapping[str, Beside] = field(default_factory=dict)
    objects: Objects | None = None
    on_restore: Callable[[Session], None] = _nothing

    @property
    def queue(self) -> str:
        return queue_of(self.name)

    @property
    def handlers(self) -> Handlers:
        """The service's own, and those that keep what identity says of accounts."""
        return {**ACCESS_HANDLERS, **self.own_handlers}

    @cached_property
    def bindings(self) -> list[Binding]:
        """Every event type the service handles, from any centre and paper."""
        return [Binding(EVENT_TYPES[key].exchange, f"{key}.#") for key in sorted(self.handlers)]


def queue_of(service: str) -> str:
    """The queue of a service, whether it handles anything or not."""
    return f"iamis.{service}"


def service_names() -> list[str]:
    return sorted(point.name for point in entry_points(group="iamis.services"))


def load_service(name: str) -> Service:
    """The service of that name; `LookupError` where there is none."""
    for point in entry_points(group="iamis.services", name=name):
        found: Service = point.load()
        return found
    message = f"no service named {name!r}"
    raise LookupError(message)
