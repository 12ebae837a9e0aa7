"""What gunicorn refuses before the application sees it: a problem like every other refusal."""

import socket
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from flask import json
from gunicorn.http.errors import ParseException
from gunicorn.workers.base import Worker
from werkzeug.exceptions import ClientDisconnected

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


class Body:
    """The body of a request; where it cannot be read on, its sender has gone, or might as well.

    `announced` is its length in bytes, and 0 where it comes in chunks: the last of them is its end.
    It has no other way of being read, which would not be counted.
    """

    def __init__(self, body: Any, announced: int) -> None:  # noqa: ANN401 - gunicorn's, or the like
        self._body = body
        self._owed = announced

    def read(self, size: int | None = None) -> bytes:
        """The next `size` bytes, or all; fewer at the end alone.

        `ClientDisconnected` (400) where the body breaks off before, or has no chunk of any.
        """
        try:
            read: bytes = self._body.read(size)
        except (OSError, ParseException) as error:
            raise ClientDisconnected from error
        self._owed -= len(read)
        if self._owed > 0 and len(read) != size:
            raise ClientDisconnected
        return read


Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def reading_bodies(application: Wsgi) -> Wsgi:
    """The application with bodies that break off, and are no fault of ours, where they are none."""

    def read(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
        body = Body(environ["wsgi.input"], int(environ.get("CONTENT_LENGTH") or 0))
        return application(environ | {"wsgi.input": body}, start_response)

    return read


class ProblemWorker(Worker):  # type: ignore[misc]
    """Answers what cannot be a request with a problem."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ANN401
        super().handle_error(req, Answering(client), addr, exc)
