"""Prometheus metrics of a service: requests by route, never by path."""

from flask import Flask, Response, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from shared.access.rules import ANYONE
from shared.settings import METRICS_FOLDER, inherited
from shared.web.logging import elapsed_seconds

REQUESTS = Counter(
    "iamis_http_requests_total", "Requests answered", ["service", "method", "route", "status"]
)
DURATION = Histogram(
    "iamis_http_request_duration_seconds", "Time to answer", ["service", "method", "route"]
)

# A client may make up a method, and every new label is kept for ever.
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def metrics() -> Response:
    """The numbers of this process, or of all that serve with it."""
    registry = REGISTRY
    if METRICS_FOLDER in inherited():
        # A fresh one each time: what it collects is in the files.
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


metrics.access_rule = ANYONE  # type: ignore[attr-defined]


def install(app: Flask, service: str, *, exposed: bool) -> None:
    """Count every request; `exposed` adds `/metrics` (never on the public port)."""

    def count(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "unknown"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(service, method, rule, response.status_code).inc()
        DURATION.labels(service, method, rule).observe(elapsed_seconds())
        return response

    app.after_request(count)
    if exposed:
        app.add_url_rule("/metrics", view_func=metrics)
