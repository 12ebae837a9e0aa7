"""The demo data: whoever knows the domain offers it as the entry point `demo` of `iamis.demo`."""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points

from shared.settings import Settings, settings

GROUP = "iamis.demo"

# Given the base URLs by service name, and the settings; safe to repeat after an interruption.
LoadDemo = Callable[[Mapping[str, str], Settings], None]


def is_there() -> bool:
    return bool(entry_points(group=GROUP, name="demo"))


def load() -> None:
    """Load the demo data into the services that run."""
    for point in entry_points(group=GROUP, name="demo"):
        load_demo: LoadDemo = point.load()
        load_demo(settings().service_urls, settings())
