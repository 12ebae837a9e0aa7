"""What consumers do, as Prometheus sees it: what became of each event, and how old it was."""

from collections.abc import Container, Iterable
from datetime import datetime
from typing import Literal

from prometheus_client import Counter, Histogram

from shared import clock
from shared.events.envelope import Envelope

Outcome = Literal["handled", "known", "failed"]

HANDLED = Counter(
    "iamis_events_handled_total",
    "Deliveries of events: handled, known before (delivered again), or failed (to come again)",
    ["service", "type", "outcome"],
)
AGE = Histogram(
    "iamis_event_age_seconds",
    "How old events are when they have been handled",
    ["service"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0),
)
# Whoever publishes may make up a type, and every new label is kept for ever.
UNKNOWN = "unknown"


class Counts:
    """Counts what one service does with the events of the types it knows."""

    def __init__(self, service: str, known: Container[str]) -> None:
        self._service = service
        self._known = known

    def count(self, events: Iterable[Envelope | None], outcome: Outcome) -> None:
        """Count each of them; None is one that cannot be read."""
        for event in events:
            key = event.key if event and event.key in self._known else UNKNOWN
            HANDLED.labels(self._service, key, outcome).inc()
            if event and outcome == "handled":
                age = clock.now() - datetime.fromisoformat(event.time)
                AGE.labels(self._service).observe(max(0.0, age.total_seconds()))
