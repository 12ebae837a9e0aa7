"""Clients that stall, and clients that are still sending when the answer is known.

Most clients read the answer only after they have sent all of their body. If the connection were
closed on them before, they would learn that it broke and never why they were refused.
"""

import functools
import time
from contextlib import suppress

from flask import Flask, Response, request
from werkzeug.exceptions import ClientDisconnected

from shared.files.incoming import CHUNK_BYTES, Stream

# How long the next bytes may be awaited.
STALL_SECONDS = 60
# How much of a refused body is taken in: a file that is too large is seldom twice too large.
DISCARD_SECONDS = 300
DISCARD_FILES = 2
# Gunicorn's; a stalled sender would hold one of its threads for ever.
SOCKET = "gunicorn.socket"
BRINGING = ("POST", "PUT")


def be_patient(app: Flask, largest: int) -> None:
    """`largest` is how many bytes a file has at most that the service takes."""
    app.before_request(_limit_stalls)
    app.after_request(functools.partial(_hear_the_client_out, DISCARD_FILES * largest))


def _limit_stalls() -> None:
    socket = request.environ.get(SOCKET)
    if request.method in BRINGING and socket is not None:
        socket.settimeout(STALL_SECONDS)


def _hear_the_client_out(max_bytes: int, response: Response) -> Response:
    if request.method in BRINGING:
        response.call_on_close(functools.partial(discard, request.stream, max_bytes))
    return response


def discard(stream: Stream, max_bytes: int) -> None:
    """Take in and drop the rest of a body, within bounds; the answer has been sent already."""
    until = time.monotonic() + DISCARD_SECONDS
    left = max_bytes
    with suppress(OSError, ClientDisconnected):
        while left > 0 and time.monotonic() < until:
            data = stream.read(CHUNK_BYTES)
            if not data:
                return
            left -= len(data)
