"""Spans as a collector of OpenTelemetry gets them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from shared import context, tracing
from shared.service import load_service
from shared.settings import SettingsError, settings
from shared.tracing import TRACING
from tests.support.service import BOARD, ServiceUnderTest, migrated_database

TRACE, CAUSE = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Collector(BaseHTTPRequestHandler):
    """Takes what it is sent, and knows whose it is."""

    found: dict[str, tuple[str, Span]]

    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        sent = ExportTraceServiceRequest()
        sent.ParseFromString(self.rfile.read(int(self.headers["Content-Length"])))
        for of_process in sent.resource_spans:
            named = {one.key: one.value.string_value for one in of_process.resource.attributes}
            for span in (span for scope in of_process.scope_spans for span in scope.spans):
                self.found[span.name] = (named["service.name"], span)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by its base
        """Say nothing."""


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, tuple[str, Span]]]:
    """What a collector has, by the names of the spans."""
    Collector.found = {}
    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("IAMIS_OTLP_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(TRACING, "service", "sampling")
    settings.cache_clear()
    vars(TRACING).pop("provider", None)
    yield Collector.found
    vars(TRACING).pop("provider", None)
    monkeypatch.undo()
    settings.cache_clear()
    server.shutdown()
    server.server_close()


@pytest.fixture
def sampling(tmp_path: Path) -> Iterator[ServiceUnderTest]:
    service = load_service("sampling")
    under_test = ServiceUnderTest(service, migrated_database(service, tmp_path), tmp_path)
    yield under_test
    under_test.close()


def test_a_request_and_an_event_are_spans_of_what_caused_them(
    sampling: ServiceUnderTest, collected: dict[str, tuple[str, Span]]
) -> None:
    headers = {"traceparent": f"00-{TRACE}-{CAUSE}-01"}
    path = "/api/sampling/centres/68101/papers/p1/sample"
    assert sampling.call("GET", path, BOARD, headers=headers).status_code == 200
    caused = context.traceparent()
    sampling.call("GET", "/readyz")
    data = {"user_id": "u1", "access_version": 1}
    sampling.deliver("user.access_changed.v1", "users/u1", data)
    TRACING.flush()

    route = "/api/sampling/centres/<centre_no>/papers/<paper_id>/sample"
    assert set(collected) == {f"GET {route}", "handle user.access_changed.v1"}
    service, request = collected[f"GET {route}"]
    assert (service, request.kind) == ("sampling", Span.SPAN_KIND_SERVER)
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (TRACE, CAUSE)
    assert caused == f"00-{TRACE}-{request.span_id.hex()}-01"
    told = {one.key: one.value for one in request.attributes}
    assert told["http.response.status_code"].int_value == 200
    assert "68101" not in str(request)
    _service, event = collected["handle user.access_changed.v1"]
    assert event.kind == Span.SPAN_KIND_CONSUMER


def test_what_fails_is_told(collected: dict[str, tuple[str, Span]]) -> None:
    with pytest.raises(ValueError, match="bad"), TRACING.handling("x.y.v1"):
        raise ValueError("bad")
    TRACING.flush()
    _service, span = collected["handle x.y.v1"]
    assert span.status.code == Status.STATUS_CODE_ERROR
    # What an error says may name somebody.
    assert "bad" not in str(span)


@pytest.mark.usefixtures("collected")
def test_a_start_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match="telemetry"):
        TRACING.configure("sampling")


def test_without_a_collector_there_is_nothing() -> None:
    vars(TRACING).pop("provider", None)
    assert TRACING.begin("SERVER") is None
