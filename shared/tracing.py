"""Spans for OpenTelemetry, where `IAMIS_OTLP_URL` names a collector; otherwise nothing at all.

A request and the handling of an event are a span each, joined by `traceparent` as the log is: each
is a child of what caused it. Nothing of anybody is in one: routes, types of events, statuses.
"""

import functools
import pkgutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from shared import context
from shared.settings import SettingsError, settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

REQUEST, EVENT = "SERVER", "CONSUMER"
PATH = "/v1/traces"
NOTHING: Mapping[str, str | int] = {}
MISSING = "IAMIS_OTLP_URL needs the extra `telemetry`: pip install 'iamis[telemetry]'"
PARTS = (
    "opentelemetry.sdk.trace",
    "opentelemetry.sdk.trace.export",
    "opentelemetry.sdk.resources",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
)


class Tracing:
    """The spans of this process, which is one of `service`."""

    service = "iamis"

    def configure(self, service: str) -> None:
        """Say whose process this is; `SettingsError` where spans are wanted and cannot be sent."""
        self.service = service
        if settings().otlp_url and find_spec("opentelemetry") is None:
            raise SettingsError((MISSING,))

    @functools.cached_property
    def provider(self) -> "TracerProvider | None":
        """What sends the spans; it is imported only where they are wanted."""
        url = settings().otlp_url
        if not url:
            return None
        trace, export, resources, otlp = map(pkgutil.resolve_name, PARTS)
        named = resources.Resource({"service.namespace": "iamis", "service.name": self.service})
        made: TracerProvider = trace.TracerProvider(resource=named, shutdown_on_exit=False)
        made.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter(url + PATH)))
        return made

    def begin(self, kind: str) -> "Span | None":
        """Begin a span caused by what the context names, which names the span from now on."""
        if self.provider is None:
            return None
        kinds = pkgutil.resolve_name("opentelemetry.trace:SpanKind")
        found = pkgutil.resolve_name("opentelemetry.trace.propagation.tracecontext")
        carrier = {"traceparent": context.traceparent()}
        cause = found.TraceContextTextMapPropagator().extract(carrier)
        span = self.provider.get_tracer("iamis").start_span("", cause, kinds[kind])
        made = span.get_span_context()
        context.begin(context.request_id(), f"00-{made.trace_id:032x}-{made.span_id:016x}-01")
        return span

    @contextmanager
    def handling(self, key: str) -> Iterator[None]:
        """The span of an event's handling; it fails by raising."""
        span = self.begin(EVENT)
        try:
            yield
        except Exception:
            end(span, f"handle {key}", failed=True)
            raise
        end(span, f"handle {key}")

    def flush(self) -> None:
        """Send what has not been sent: the process ends."""
        if self.provider is not None:
            self.provider.shutdown()


def end(
    span: "Span | None",
    name: str,
    attributes: Mapping[str, str | int] = NOTHING,
    *,
    failed: bool = False,
) -> None:
    """Name a span by what it was, and end it."""
    if span is None:
        return
    span.update_name(name)
    span.set_attributes(attributes)
    if failed:
        span.set_status(pkgutil.resolve_name("opentelemetry.trace:StatusCode").ERROR)
    span.end()


TRACING = Tracing()
