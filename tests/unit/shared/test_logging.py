"""Logs: one JSON object a line, joined by request, without what is personal."""

import json
import logging
from typing import Any

import pytest

from shared import context
from shared.web.logging import JsonFormatter
from tests.support.service import BOARD, ServiceUnderTest

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def formatted(record: logging.LogRecord) -> dict[str, Any]:
    line = JsonFormatter("marks").format(record)
    assert "\n" not in line
    read: dict[str, Any] = json.loads(line)
    return read


def made(message: str, *values: object, **extra: object) -> logging.LogRecord:
    record = logging.LogRecord("a.logger", logging.WARNING, "file.py", 1, message, values, None)
    record.__dict__.update(extra)
    return record


def test_an_entry_names_service_request_and_what_was_given_with_it() -> None:
    context.begin("request-1", TRACE)
    entry = formatted(made("%d rows\nof %s", 3, "Siân", route="/x", odd={1}))
    assert entry["message"] == "3 rows\nof Siân"
    assert (entry["service"], entry["level"], entry["logger"]) == ("marks", "WARNING", "a.logger")
    assert (entry["request_id"], entry["traceparent"]) == ("request-1", TRACE)
    assert (entry["route"], entry["odd"]) == ("/x", "{1}")
    assert entry["time"].endswith("+00:00")


def test_an_exception_is_within_the_line() -> None:
    record = made("failed")
    error = ValueError("bad")
    record.exc_info = (ValueError, error, None)
    assert "ValueError: bad" in formatted(record)["exception"]


def test_a_request_is_told_by_its_route_alone(
    under_test: ServiceUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    under_test.call("GET", "/api/sample/open?page=3&search=Pritchard", BOARD)
    under_test.call("PUT", "/api/sample/centres/68101/papers/p1", BOARD)
    under_test.call("GET", "/api/sample/68101")
    told = [vars(record) for record in caplog.records if record.getMessage() == "request"]
    assert [(one["method"], one["route"], one["status"]) for one in told] == [
        ("GET", "/api/sample/open", 200),
        ("PUT", "/api/sample/centres/<centre_no>/papers/<paper_id>", 403),
        ("GET", "", 404),
    ]
    assert not any("Pritchard" in repr(one) or "68101" in repr(one) for one in told)
