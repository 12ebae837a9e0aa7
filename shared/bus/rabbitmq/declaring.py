"""Making queues and exactly their bindings.

AMQP cannot tell which bindings there are, so it is done through the management API; and so the
services' own user declares nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.bus import Binding
from shared.bus.rabbitmq.management import Management
from shared.bus.rabbitmq.topology import EXCHANGES


def declare(
    management: Management,
    queues: Mapping[str, Mapping[str, Any]],
    bound: str,
    bindings: Sequence[Binding],
) -> None:
    """Make the `queues` (arguments by name), and bind the one named `bound`."""
    for name in EXCHANGES:
        path = management.path("exchanges", name)
        management.call("PUT", path, {"type": "topic", "durable": True})
    for name, arguments in queues.items():
        declared = {"durable": True, "auto_delete": False, "arguments": arguments}
        management.call("PUT", management.path("queues", name), declared)
    bind(management, bound, bindings)


def bind(management: Management, queue: str, bindings: Sequence[Binding]) -> None:
    """Add the bindings that are missing, then remove those that are too many."""
    present = {
        Binding(one["source"], one["routing_key"]): one["properties_key"]
        for one in management.call("GET", f"{management.path('queues', queue)}/bindings")
        if one["source"]
    }
    for binding in bindings:
        if binding not in present:
            path = management.path("bindings", "e", binding.exchange, "q", queue)
            management.call("POST", path, {"routing_key": binding.pattern})
    for binding, key in present.items():
        if binding not in bindings:
            path = management.path("bindings", "e", binding.exchange, "q", queue, key)
            management.call("DELETE", path)
