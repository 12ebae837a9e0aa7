"""What is no request, or too long for one, is answered with a problem before it is read."""

import http.client
import json
import socket

import pytest

from tests.support.stack import Stack

LONG = b"a" * 9000
CHUNKED = b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
UNREADABLE = {
    "address": (b"GET /" + LONG + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "header": (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + LONG + b"\r\n\r\n", 431),
    "headers": (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-More: 1\r\n" * 200 + b"\r\n", 431),
    "line": (b"NONSENSE\r\n\r\n", 400),
    "version": (b"GET / HTTP/9.1\r\nHost: x\r\n\r\n", 400),
    "length": (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n", 400),
    "chunk": (
        b"POST /api/identity/sign-in HTTP/1.1\r\nHost: x\r\n" + CHUNKED + b"\r\nzz\r\n",
        400,
    ),
    "expectation": (b"GET / HTTP/1.1\r\nHost: x\r\nExpect: more\r\n\r\n", 417),
}


def answered(port: int, sent: bytes) -> http.client.HTTPResponse:
    """The answer to bytes that need not be a request."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(sent)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused_with_a_problem(stack: Stack, name: str) -> None:
    sent, status = UNREADABLE[name]
    response = answered(stack.port, sent)
    problem = json.loads(response.read())
    assert response.status == problem["status"] == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["X-Request-ID"] == problem["request_id"]
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]
