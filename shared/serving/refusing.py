"""What gunicorn refuses before the application sees it: a problem like every other refusal."""

import socket
from http import HTTPStatus
from typing import Any

from flask import json
from gunicorn.workers.base import Worker

from shared import context
from shared.web.problems import PROBLEM, problem_body


class Answering:
    """A connection on which gunicorn writes its own page, and a client reads a problem."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a socket has
        return getattr(self._connection, name)

    def sendall(self, page: bytes) -> None:
        self._connection.sendall(as_problem(page))


def as_problem(page: bytes) -> bytes:
    """The answer in place of gunicorn's page: the same status, with a request id of its own.

    The request was not read, so nobody knows the language that it asks for.
    """
    status = HTTPStatus(int(page.split(b" ", 2)[1]))
    context.begin()
    body = json.dumps(problem_body(status)).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Connection: close\r\n"
        f"Content-Type: {PROBLEM}\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Request-ID: {context.request_id()}\r\n"
        "\r\n"
    )
    return head.encode("ascii") + body


class ProblemWorker(Worker):  # type: ignore[misc]
    """Answers what cannot be a request with a problem."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ANN401
        super().handle_error(req, Answering(client), addr, exc)
