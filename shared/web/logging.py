"""JSON logs, one line an entry, joined by request id; no personal data and no query strings."""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, request

from shared import context
from shared.tracing import REQUEST, TRACING, end

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

# Asked every few seconds by whoever looks after the process.
PROBES = frozenset(("/livez", "/readyz", "/metrics"))

log = logging.getLogger("iamis.access")


class JsonFormatter(logging.Formatter):
    """A record as one JSON object, with whatever was given as `extra`."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": context.request_id(),
            "traceparent": context.traceparent(),
        }
        entry |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


def configure(service: str, level: str) -> None:
    TRACING.configure(service)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def _before(*, public: bool) -> None:
    g.started = time.monotonic()
    given = request.headers.get("traceparent", "")
    caused = context.joined(given) if public else given
    context.begin(request.headers.get("X-Request-ID", ""), caused)
    g.span = None if request.path in PROBES else TRACING.begin(REQUEST)


def elapsed_seconds() -> float:
    return time.monotonic() - float(g.get("started", time.monotonic()))


def _after(response: Response) -> Response:
    response.headers["X-Request-ID"] = context.request_id()
    rule = request.url_rule.rule if request.url_rule else ""
    log.info(
        "request",
        extra={
            "method": request.method,
            "route": rule,
            "status": response.status_code,
            "duration_ms": round(elapsed_seconds() * 1000, 1),
        },
    )
    status = response.status_code
    told: dict[str, str | int] = {"http.route": rule, "http.response.status_code": status}
    failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    end(g.get("span"), f"{request.method} {rule}", told, failed=failed)
    return response


def install(app: Flask, *, public: bool) -> None:
    """Log every request; to the `public` come strangers, who join a trace and decide nothing."""
    app.before_request(partial(_before, public=public))
    app.after_request(_after)
