"""What passes the gateway: unchanged, streamed, and without what a caller must not claim."""

import threading
from collections.abc import Iterator

import pytest
from flask import Response, request

from shared.context import TRACEPARENT
from tests.support.gateway import FakeServices
from tests.support.service import ServiceUnderTest

FILES = "/api/uploads/centres/68101/papers/p/candidates/1001/files"
WAIT_SECONDS = 10
PIECE = 64 * 1024
LARGE = 40 * PIECE


def test_request_and_answer_pass_unchanged(gateway: ServiceUnderTest, fake: FakeServices) -> None:
    raw = b"\x1f\x8b not really gzip"
    fake.answers["GET", "/api/marks/a b/é"] = Response(
        raw,
        209,
        {"Content-Encoding": "gzip", "ETag": '"1"', "Content-Disposition": "attachment"},
        content_type="text/x-odd",
    )
    target = "/api/marks/a%20b/%C3%A9?q=1%2F2&q=%26&empty="
    answer = gateway.call("GET", target, headers={"Authorization": "Bearer t"})
    assert fake.seen[0].target == target
    assert fake.seen[0].headers["Authorization"] == "Bearer t"
    assert (answer.status_code, answer.data) == (209, raw)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["ETag"] == '"1"'
    assert answer.content_type == "text/x-odd"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_passes_with_its_body(
    gateway: ServiceUnderTest, fake: FakeServices, method: str
) -> None:
    fake.says(method, "/api/marks/x", {"done": True}, 201)
    answer = gateway.call(method, "/api/marks/x", data=b'{"a": 1}', content_type="application/json")
    assert answer.status_code == 201
    assert fake.seen[0].body == b'{"a": 1}'
    assert fake.seen[0].headers["Content-Type"] == "application/json"


def test_head_has_headers_and_no_body(gateway: ServiceUnderTest, fake: FakeServices) -> None:
    fake.answers["HEAD", "/api/marks/x"] = Response(b"12345")
    answer = gateway.call("HEAD", "/api/marks/x")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == "5"


def test_an_answer_without_content_type_gets_none(
    gateway: ServiceUnderTest, fake: FakeServices
) -> None:
    bare = Response(status=204)
    del bare.headers["Content-Type"]
    fake.answers["DELETE", "/api/marks/x"] = bare
    answer = gateway.call("DELETE", "/api/marks/x")
    assert answer.status_code == 204
    assert "Content-Type" not in answer.headers


FORGED = {
    "X-Forwarded-For": "192.0.2.7",
    "X_Forwarded_For": "192.0.2.7",
    "Forwarded": "for=192.0.2.7",
    "X-Real-IP": "192.0.2.7",
    "X-User": "root",
    "X_User": "root",
    "X-Remote-User": "root",
    "X-IAMIS-User": "root",
    "X-Original-URL": "/api/identity/users",
    "X-HTTP-Method-Override": "DELETE",
    "Cookie": "iamis_session=abc",
    "Proxy-Authorization": "Basic x",
    "Connection": "close, Accept-Language",
    "Keep-Alive": "5",
    "TE": "trailers",
    "Upgrade": "h2c",
}


def test_nothing_a_caller_claims_of_itself_passes(
    gateway: ServiceUnderTest, fake: FakeServices
) -> None:
    fake.says("GET", "/api/marks/x", {})
    gateway.call("GET", "/api/marks/x", headers=FORGED)
    passed = {name.lower(): value for name, value in fake.seen[0].headers.items()}
    assert passed["x-forwarded-for"] == "127.0.0.1"
    forged = {name.lower().replace("_", "-") for name in FORGED} - {"x-forwarded-for"}
    assert not forged.intersection(passed) - {"connection"}
    assert "192.0.2.7" not in passed.values()


def test_request_id_and_trace_are_passed_on_and_given_back(
    gateway: ServiceUnderTest, fake: FakeServices
) -> None:
    fake.says("GET", "/api/marks/x", {})
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    asked = {"X-Request-ID": "request-0001", "traceparent": trace}
    answer = gateway.call("GET", "/api/marks/x", headers=asked)
    sent = {name.lower(): value for name, value in fake.seen[0].headers.items()}
    assert (sent["x-request-id"], sent["traceparent"]) == ("request-0001", trace)
    assert answer.headers.getlist("X-Request-ID") == ["request-0001"]


@pytest.mark.parametrize("flags", ["00", "ff"])
def test_a_stranger_joins_a_trace_and_does_not_decide_what_is_recorded(
    gateway: ServiceUnderTest, fake: FakeServices, flags: str
) -> None:
    fake.says("GET", "/api/marks/x", {})
    trace = f"00-{'a' * 32}-{'b' * 16}-"
    gateway.call("GET", "/api/marks/x", headers={"traceparent": f"{trace}{flags}"})
    assert fake.seen[0].headers["Traceparent"] == f"{trace}01"


@pytest.mark.parametrize(
    "wrong", ["", "x", f"00-{'0' * 32}-{'b' * 16}-01", f"00-{'A' * 32}-{'b' * 16}-01", "0" * 55]
)
def test_what_is_no_trace_is_not_joined(
    gateway: ServiceUnderTest, fake: FakeServices, wrong: str
) -> None:
    fake.says("GET", "/api/marks/x", {})
    gateway.call("GET", "/api/marks/x", headers={"traceparent": wrong})
    assert TRACEPARENT.fullmatch(fake.seen[0].headers["Traceparent"])


def test_what_belongs_to_one_connection_is_not_handed_back(
    gateway: ServiceUnderTest, fake: FakeServices
) -> None:
    fake.answers["GET", "/api/marks/x"] = Response(
        b"x", headers={"Connection": "X-Hop", "X-Hop": "1", "Keep-Alive": "5", "X-Kept": "1"}
    )
    answer = gateway.call("GET", "/api/marks/x")
    assert not {"Connection", "X-Hop", "Keep-Alive", "Server"}.intersection(answer.headers.keys())
    assert answer.headers["X-Kept"] == "1"


@pytest.mark.parametrize(
    "path",
    [
        "/api/nobody/x",
        "/api/marks",
        "/api/",
        "/api//marks/x",
        "/api/marks/../identity/x",
        "/api/marks/%2e%2E/%2e%2e/metrics",
        "/api/marks/./x",
        "/%61pi/marks/x",
        "/metrics",
    ],
)
def test_what_is_no_route_is_not_found_and_reaches_nobody(
    gateway: ServiceUnderTest, fake: FakeServices, path: str
) -> None:
    assert gateway.call("GET", path).status_code == 404
    assert fake.seen == []


class SlowFile:
    """A body whose second half comes only when the service has the first."""

    def __init__(self, arrived: threading.Event) -> None:
        self._arrived = arrived
        self._left = LARGE

    def read(self, size: int = -1) -> bytes:
        if self._left <= LARGE // 2:
            assert self._arrived.wait(WAIT_SECONDS), "the first half was held back"
        taken = min(size if size >= 0 else PIECE, self._left, PIECE)
        self._left -= taken
        return b"x" * taken


@pytest.mark.parametrize("chunked", [False, True])
def test_an_upload_reaches_the_service_while_it_is_sent(
    gateway: ServiceUnderTest, fake: FakeServices, *, chunked: bool
) -> None:
    arrived, sizes = threading.Event(), []

    def take() -> Response:
        while piece := request.stream.read(PIECE):
            sizes.append(len(piece))
            if sum(sizes) >= LARGE // 4:
                arrived.set()
        return Response(str(sum(sizes)), 201)

    fake.answers["POST", FILES] = take
    body = {"wsgi.input": SlowFile(arrived)}
    told: dict[str, object] = {"CONTENT_LENGTH": str(LARGE)}
    if chunked:
        told = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    answer = gateway.call("POST", FILES, environ_overrides={**body, **told})
    assert (answer.status_code, answer.text) == (201, str(LARGE))


def test_an_answer_reaches_the_caller_while_it_is_made(
    gateway: ServiceUnderTest, fake: FakeServices
) -> None:
    first_read = threading.Event()

    def pieces() -> Iterator[bytes]:
        yield b"first" * PIECE
        yield b"second" if first_read.wait(WAIT_SECONDS) else b"held back"

    fake.answers["GET", "/api/reports/x"] = lambda: Response(pieces())
    answer = gateway.call("GET", "/api/reports/x", buffered=False)
    stream = answer.iter_encoded()
    read = next(stream)
    first_read.set()
    read += b"".join(stream)
    assert read == b"first" * PIECE + b"second"
    answer.close()
