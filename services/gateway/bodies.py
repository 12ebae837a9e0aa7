"""The body of a request on its way through: small ones held, large ones streamed and counted."""

import errno
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import IO

from flask import Request, Response, after_this_request, request
from werkzeug.exceptions import HTTPException

from services.gateway.upstream import CHUNK
from shared.errors import BadRequestError, PayloadTooLargeError, UnavailableError
from shared.i18n import gettext as _

# What is at most this long is held, so that it can be sent again.
HELD_BYTES = 1024 * 1024
# How long a body that nobody wants is read on, so that the refusal reaches the sender.
DRAIN_SECONDS = 30.0
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
ROOM_AFTER_SECONDS = 60


def too_large(limit: int) -> PayloadTooLargeError:
    return PayloadTooLargeError(
        _("The request is larger than %(limit)s bytes allow.", limit=limit), extra={"limit": limit}
    )


class StreamedBody:
    """A body read as the service takes it: never more than a piece of it is in memory."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._size = 0

    def read(self, size: int = CHUNK, /) -> bytes:
        """The next piece; a problem when the sender is gone or has sent more than is allowed.

        No `OSError` leaves here: urllib3 would take it for the service's end hanging up.
        """
        piece = self._take(size)
        self._size += len(piece)
        if self._size > self._limit:
            raise too_large(self._limit)
        return piece

    def _take(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except OSError as error:
            raise BadRequestError(_("The request broke off.")) from error


def hear_out(response: Response) -> Response:
    """Once the answer is sent, take what the sender still sends: only then it reads the answer."""
    response.call_on_close(partial(drain, request.stream))
    return response


def drain(stream: IO[bytes]) -> None:
    until = time.monotonic() + DRAIN_SECONDS
    with suppress(OSError, HTTPException):
        while time.monotonic() < until and stream.read(CHUNK):
            continue


@contextmanager
def room_for_files() -> Iterator[None]:
    """Read a form with its files; `UnavailableError` where the disk is too full for them."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        after_this_request(hear_out)
        raise UnavailableError(
            _(
                "There is no room for a file of this size now. Please try again in a few minutes,"
                " or with a smaller one."
            ),
            headers={"Retry-After": str(ROOM_AFTER_SECONDS)},
        ) from error


def body_of(asked: Request, limit: int) -> bytes | StreamedBody | None:
    """What a request brings; `PayloadTooLargeError` when it says itself that it is too long."""
    size = asked.content_length
    if size is None:
        chunked = "chunked" in asked.headers.get("Transfer-Encoding", "").lower()
        return StreamedBody(asked.stream, limit) if chunked else None
    if size > limit:
        raise too_large(limit)
    if size <= HELD_BYTES:
        return b"".join(iter(StreamedBody(asked.stream, limit).read, b""))
    return StreamedBody(asked.stream, limit)
