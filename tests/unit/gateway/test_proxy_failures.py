"""Services that are down, hang up, refuse early or take too much: told plainly, never a 502."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Response

from services.gateway import table
from tests.support.gateway import FakeServices
from tests.support.service import ServiceUnderTest

FILES = "/api/uploads/centres/68101/papers/p/candidates/1001/files"
REPORT_FILES = "/api/reports/centres/68101/papers/p/moderator-report/files"
REFUSAL = b'{"type": "urn:iamis:problem:conflict", "status": 409}'
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CONFLICT = (
    b"HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(REFUSAL), REFUSAL)
)


@dataclass
class RawServer:
    """Answers each connection with the next of `answers` as soon as the headers are there.

    It reads no body, keeps no connection, and hangs up without a word where the answer is empty.
    """

    answers: list[bytes]
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        for answer in self.answers:
            connection, _address = self._listener.accept()
            self.connections += 1
            with connection:
                received = b""
                while b"\r\n\r\n" not in received:
                    received += connection.recv(1024)
                connection.sendall(answer)

    def close(self) -> None:
        self._listener.close()
        self._thread.join(5)


Serve = Callable[..., RawServer]


@pytest.fixture
def serve(point_at: Callable[[str], None]) -> Iterator[Serve]:
    """Puts a raw server where the services are."""
    opened: list[RawServer] = []

    def start(*answers: bytes) -> RawServer:
        opened.append(RawServer(list(answers)))
        point_at(opened[0].url)
        return opened[0]

    yield start
    for server in opened:
        server.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_service_that_is_down_is_named(
    gateway: ServiceUnderTest, point_at: Callable[[str], None], method: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    point_at(f"http://127.0.0.1:{port}")
    answer = gateway.call(method, "/api/sampling/x")
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["service"] == "sampling"
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("method", "status", "connections"),
    [("GET", 200, 2), ("PUT", 200, 2), ("DELETE", 200, 2), ("POST", 503, 1), ("PATCH", 503, 1)],
)
def test_only_what_may_be_repeated_is_sent_again(
    gateway: ServiceUnderTest, serve: Serve, method: str, status: int, connections: int
) -> None:
    server = serve(b"", OK) if connections == 2 else serve(b"")
    assert gateway.call(method, "/api/marks/x", data=b"{}").status_code == status
    assert server.connections == connections


def test_it_is_sent_again_only_once(gateway: ServiceUnderTest, serve: Serve) -> None:
    server = serve(b"", b"")
    assert gateway.call("GET", "/api/marks/x").status_code == 503
    assert server.connections == 2


def test_a_service_that_is_too_slow_counts_as_not_available(
    gateway: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch, point_at: Callable[[str], None]
) -> None:
    quick = table.Upstream("/api/marks/", "marks", limit=1000, read_seconds=0.05)
    monkeypatch.setattr(table, "TABLE", (quick,))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        point_at(f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert gateway.call("POST", "/api/marks/x").status_code == 503


@pytest.mark.parametrize("attempt", range(5))
def test_a_refusal_before_the_body_is_read_reaches_the_sender(
    gateway: ServiceUnderTest, serve: Serve, attempt: int
) -> None:
    serve(CONFLICT)
    answer = gateway.call("POST", FILES, data=b"x" * (8_000_000 + attempt))
    assert (answer.status_code, answer.data) == (409, REFUSAL)


def test_the_unread_rest_of_a_refused_upload_is_taken(
    gateway: ServiceUnderTest, fake: FakeServices
) -> None:
    fake.answers["POST", FILES] = lambda: Response(REFUSAL, 409)
    left = CountedBody(8_000_000)
    answer = gateway.call(
        "POST", FILES, environ_overrides={"wsgi.input": left, "CONTENT_LENGTH": "8000000"}
    )
    assert answer.status_code == 409
    assert left.left == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param(FILES, 503, id="the service is down"),
        pytest.param("/api/sampling/x", 413, id="too large"),
        pytest.param("/api/nobody/x", 404, id="not there"),
    ],
)
def test_who_is_refused_before_anything_is_sent_reads_why(
    gateway: ServiceUnderTest,
    point_at: Callable[[str], None],
    path: str,
    status: int,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    point_at(f"http://127.0.0.1:{port}")
    left = CountedBody(8_000_000)
    told = {"wsgi.input": left, "CONTENT_LENGTH": "8000000"}
    answer = gateway.call("POST", path, environ_overrides=told)
    assert answer.status_code == status
    answer.close()
    assert left.left == 0


def test_what_is_sent_beyond_the_limit_is_taken_too(
    gateway: ServiceUnderTest, fake: FakeServices
) -> None:
    fake.says("POST", "/api/sampling/x", {}, 201)
    left = CountedBody(8_000_000)
    told = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    answer = gateway.call("POST", "/api/sampling/x", environ_overrides={"wsgi.input": left, **told})
    assert answer.status_code == 413
    answer.close()
    assert left.left == 0


@dataclass
class CountedBody:
    """A body of `left` bytes."""

    left: int

    def read(self, size: int = -1) -> bytes:
        taken = min(size if size >= 0 else self.left, self.left)
        self.left -= taken
        return b"x" * taken


@dataclass
class BrokenBody:
    """A body whose sender hangs up after the first piece."""

    pieces: int = 1

    def read(self, size: int = -1) -> bytes:
        if self.pieces:
            self.pieces -= 1
            return b"x" * size
        raise ConnectionResetError


def test_a_sender_that_hangs_up_is_no_fault_of_the_service(
    gateway: ServiceUnderTest, fake: FakeServices
) -> None:
    fake.says("POST", FILES, {})
    answer = gateway.call(
        "POST", FILES, environ_overrides={"wsgi.input": BrokenBody(), "CONTENT_LENGTH": "8000000"}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_refused(
    gateway: ServiceUnderTest, fake: FakeServices, *, chunked: bool
) -> None:
    fake.says("POST", "/api/sampling/x", {}, 201)
    told: dict[str, object] = {"CONTENT_LENGTH": str(table.MIB + 1)}
    if chunked:
        told = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    answer = gateway.call(
        "POST",
        "/api/sampling/x",
        environ_overrides={"wsgi.input": CountedBody(table.MIB + 1), **told},
    )
    assert answer.status_code == 413
    assert answer.json is not None
    assert answer.json["limit"] == table.MIB


@pytest.mark.parametrize(
    ("content_type", "status"),
    [("application/json", 413), ("multipart/form-data; boundary=b", 201)],
)
def test_with_a_report_only_a_file_may_be_large(
    gateway: ServiceUnderTest, fake: FakeServices, content_type: str, status: int
) -> None:
    fake.says("POST", REPORT_FILES, {}, 201)
    told = {"wsgi.input": CountedBody(table.MIB + 1), "CONTENT_LENGTH": str(table.MIB + 1)}
    answer = gateway.call("POST", REPORT_FILES, content_type=content_type, environ_overrides=told)
    assert answer.status_code == status


def test_ready_names_the_services_that_are_down(
    gateway: ServiceUnderTest, fake: FakeServices
) -> None:
    fake.says("GET", "/readyz", {"status": "ok"}, 503)
    answer = gateway.call("GET", "/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "down": list(table.SERVICES)}


def test_one_whose_answer_breaks_off_is_down(gateway: ServiceUnderTest, serve: Serve) -> None:
    serve(*[b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"] * len(table.SERVICES))
    answer = gateway.call("GET", "/readyz")
    assert answer.json == {"status": "ok", "down": list(table.SERVICES)}


def test_one_document_describes_all_services_but_those_that_are_down(
    gateway: ServiceUnderTest, fake: FakeServices
) -> None:
    described = {"paths": {"/api/marks/papers": {}}, "components": {"schemas": {"Paper": {}}}}
    fake.says("GET", "/api/marks/openapi.json", described)
    whole = gateway.call("GET", "/api/openapi.json").json
    assert whole is not None
    assert whole["openapi"] == "3.1.0"
    assert set(whole["paths"]) == {"/api/events", "/api/marks/papers"}
    assert "Paper" in whole["components"]["schemas"]
    assert whole["x-unavailable"] == [name for name in table.SERVICES if name != "marks"]
    gateway.call("GET", "/api/openapi.json")
    assert len(fake.asked("/api/marks/openapi.json")) == 1
