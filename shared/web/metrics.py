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
from shared.errors import NotFoundError
from shared.i18n import gettext as _
from shared.settings import METRICS_FOLDER, inherited, settings
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


PATH = "/metrics"


def install(app: Flask, service: str, *, exposed: bool) -> None:
    """Count every request, and tell at `/metrics`; not `exposed`, on a port for nothing else.

    Which port that is, the server says, and no header.
    """

    def count(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "unknown"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(service, method, rule, response.status_code).inc()
        DURATION.labels(service, method, rule).observe(elapsed_seconds())
        return response

    def keep_apart() -> None:
        is_apart = request.environ["SERVER_PORT"] == str(settings().metrics_port)
        if is_apart != (request.path == PATH):
            raise NotFoundError(_("There is no such thing here."))

    app.after_request(count)
    if not exposed:
        app.before_request(keep_apart)
    app.add_url_rule(PATH, view_func=metrics)
