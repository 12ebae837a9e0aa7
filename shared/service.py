"""What a service is to the platform: a name, routes, handlers and tables.

Services are found by the entry points of the group `iamis.services`, so that the platform never
imports one by name.
"""

from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path

from sqlalchemy import MetaData

from shared.bus import Binding
from shared.events.consumer import Handlers
from shared.events.schemas import EVENT_TYPES
from shared.web.routes import Routes


@dataclass(frozen=True)
class Service:
    """One service. `folder` is where its code and its `migrations/` are."""

    name: str
    folder: Path
    metadata: MetaData
    routes: Routes
    handlers: Handlers = field(default_factory=dict)

    @property
    def queue(self) -> str:
        return f"iamis.{self.name}"

    @cached_property
    def bindings(self) -> list[Binding]:
        """Every event type the service handles, from any centre and paper."""
        return [
            Binding(EVENT_TYPES[name].exchange, f"{EVENT_TYPES[name].key}.#")
            for name in sorted(self.handlers)
        ]


def service_names() -> list[str]:
    return sorted(point.name for point in entry_points(group="iamis.services"))


def load_service(name: str) -> Service:
    """The service of that name; `LookupError` where there is none."""
    for point in entry_points(group="iamis.services", name=name):
        found: Service = point.load()
        return found
    message = f"no service named {name!r}"
    raise LookupError(message)
