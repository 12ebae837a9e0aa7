"""A file on its way in: the `file` part of a multipart body, read as it arrives.

Nothing is spooled: at any time a chunk or two are in memory. `read` gives the last bytes only when
the whole body has proved sound, so that what is stored is stored from a complete request.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from werkzeug.datastructures import Headers
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import (
    LINE_BREAK_RE,
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)
from werkzeug.wrappers import Request

from shared.errors import (
    BadRequestError,
    FieldError,
    PayloadTooLargeError,
    UnprocessableError,
    UnsupportedMediaTypeError,
)
from shared.files.kinds import HEAD_BYTES
from shared.files.names import clean
from shared.files.room import room
from shared.i18n import gettext as _
from shared.storage import MeasuredStream, too_large

# As much as gunicorn takes from a connection at once: where less is asked for, it copies the rest
# again each time.
CHUNK_BYTES = 2**20
# Room for a chunk and the headers of a part; also for what stands beside the file in a form.
BUFFER_BYTES = 2 * CHUNK_BYTES
BESIDE_BYTES = 64 * 2**10
# A delimiter is a line break, two hyphens, the boundary, and two hyphens or a line break; senders
# may pad it with spaces.
BEYOND_BOUNDARY_BYTES = 32
# What a multipart body holds around the file: boundaries, headers, fields of a form.
AROUND_BYTES = 2**20
# Parts cost time even where nothing is in them; no form has so many.
MOST_PARTS = 100
MULTIPART = "multipart/form-data"
FILE_PART = "file"
UNKNOWN_TYPE = "application/octet-stream"
# In quotes a backslash escapes a quote or itself (RFC 9110); browsers escape nothing with it.
BACKSLASH = re.compile(rb"\\([\\\"]?)")
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")


class Stream(Protocol):
    """A request body."""

    def read(self, size: int, /) -> bytes: ...


class Bounded:
    """A body around a file of at most `largest` bytes, counted as it comes: some tell no length."""

    def __init__(self, stream: Stream, largest: int) -> None:
        self._stream = stream
        self._largest = largest
        self._taken = 0

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        self._taken += len(data)
        if self._taken > self._largest + AROUND_BYTES:
            raise too_large(self._largest)
        return data


class Decoder(MultipartDecoder):
    """Mends four things of its base, by way of its private methods (the tests watch them)."""

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        """Take headers that are not UTF-8 too: a name alone never refuses a file.

        A backslash that escapes nothing is one of the name's own, and separates its folders.
        """
        escaped = BACKSLASH.sub(lambda found: b"\\" + (found[1] or b"\\"), bytes(data))
        return super()._parse_headers(escaped.decode(errors="replace").encode())

    def _parse_data(self, data: bytes | bytearray, *, start: bool) -> tuple[bytes, int, bool]:
        """Copy what is in the middle of a file once; the base copies all of it three times."""
        if start or data.find(b"--" + self.boundary) >= 0:
            return super()._parse_data(data, start=start)
        end = self._last_partial_boundary_index(data)
        with memoryview(data) as view:
            return bytes(view[:end]), end, True

    def _last_partial_boundary_index(self, data: bytes | bytearray) -> int:
        """Where the data may turn out to be a delimiter, once more has arrived.

        The base lets go of the delimiter's CR, as if it were of the file, when what has arrived
        ends one byte after the boundary.
        """
        window = len(self.boundary) + BEYOND_BOUNDARY_BYTES
        found = LINE_BREAK_RE.search(data, max(0, len(data) - window))
        return found.start() if found else len(data)


class Parts:
    """A multipart body of at most `most` parts as it arrives, event by event.

    Raises `BadRequestError` where it is no whole multipart message, and `PayloadTooLargeError`
    where too much stands beside its files.
    """

    def __init__(self, stream: Stream, boundary: bytes, most: int = MOST_PARTS) -> None:
        self._stream = stream
        self._decoder = Decoder(boundary, max_form_memory_size=BUFFER_BYTES, max_parts=most)
        self._beside = 0

    def event(self) -> Event:
        try:
            while isinstance(event := self._decoder.next_event(), NeedData):
                self._decoder.receive_data(self._stream.read(CHUNK_BYTES) or None)
        except (ValueError, RequestEntityTooLarge) as error:
            raise broken() from error
        except (OSError, ClientDisconnected) as error:
            raise _broke_off() from error
        return event

    def beside(self, event: Data) -> bytes:
        """What an event brings of a part that is no file, counted."""
        self._beside += len(event.data)
        if self._beside > BESIDE_BYTES:
            raise PayloadTooLargeError(_("The form holds too much beside the file."))
        return event.data


class PartContent:
    """What is in the part that has begun, read as it arrives."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._waiting = b""
        self._empty = True
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes of it, and none at its end."""
        while not self._waiting and not self._ended:
            self._advance()
        given, self._waiting = self._waiting[:size], self._waiting[size:]
        return given

    def _advance(self) -> None:
        event = self._parts.event()
        if not isinstance(event, Data):
            raise broken()
        self._waiting = event.data
        self._empty = self._empty and not event.data
        if not event.more_data:
            self._ended = True
            self._finish()

    def _finish(self) -> None:
        """What is to be done before the last bytes are given."""


class IncomingFile(PartContent):
    """The one part named `file` of a multipart body; other form fields are passed over.

    Raises `BadRequestError` where the body is no whole multipart message and `UnprocessableError`
    where it does not hold exactly one file with content, when made or at any `read`;
    `PayloadTooLargeError` where it is longer than a file of `largest` bytes with all around it.
    `head` is how the file begins, as far as it was read.
    """

    def __init__(self, stream: Stream, boundary: bytes, largest: int) -> None:
        super().__init__(Parts(Bounded(stream, largest), boundary))
        self.head = b""
        part = self._next_part()
        if part is None:
            raise refused(_("Send the file in the field named file."))
        self.name = clean(part.filename if isinstance(part, File) else "")
        self.content_type = media_type(part.headers)

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes of the file, and none at its end."""
        given = super().read(size)
        if len(self.head) < HEAD_BYTES:
            self.head += given[: HEAD_BYTES - len(self.head)]
        return given

    def _finish(self) -> None:
        if self._next_part() is not None:
            raise refused(_("Send one file at a time."))
        if self._empty:
            raise refused(_("The file is empty: it has 0 bytes."))

    def _next_part(self) -> File | Field | None:
        """The next part named `file`; None at the end of the body."""
        while not isinstance(event := self._parts.event(), Epilogue):
            if isinstance(event, File | Field) and event.name == FILE_PART:
                return event
            if isinstance(event, File):
                raise refused(_("Send the file in the field named file."))
            if isinstance(event, Data):
                self._parts.beside(event)
        return None


def is_same_file(asked: Request, earlier: Mapping[str, Any]) -> bool:
    """Whether a request brings the file of an earlier answer, by its name and SHA-256.

    It is read, as far as it may be the same, and kept nowhere; what is no sound body raises.
    """
    size = earlier["size"]
    try:
        incoming = IncomingFile(asked.stream, boundary_of(asked, size), size)
        measured = MeasuredStream(incoming, size)
        while measured.read(CHUNK_BYTES):
            continue
    except PayloadTooLargeError:
        return False
    found = (incoming.name, measured.hasher.hexdigest())
    return found == (earlier["name"], earlier["sha256"])


def boundary_of(asked: Request, largest: int) -> bytes:
    """What separates the parts of the body; 415, 413 and 400 as far as the headers tell."""
    if asked.mimetype != MULTIPART:
        raise UnsupportedMediaTypeError(_("Send the body as %(type)s.", type=MULTIPART))
    check_length(asked, largest)
    boundary = asked.mimetype_params.get("boundary", "")
    if not boundary:
        raise broken()
    return boundary.encode()


def least_size(asked: Request) -> int:
    """How many bytes a file has at least, by the length of the body it comes in."""
    return max(1, (asked.content_length or 0) - AROUND_BYTES)


def check_length(asked: Request, largest: int) -> None:
    """Raise where the body is longer than a file of that size with all around it."""
    if (asked.content_length or 0) > largest + AROUND_BYTES:
        raise too_large(largest)


def exactly(stream: Stream, size: int) -> memoryview:
    """The next `size` bytes of a body, at least one; `BadRequestError` where it ends before."""
    whole, there = room(size), 0
    try:
        while there < size and (data := stream.read(min(CHUNK_BYTES, size - there))):
            whole[there : there + len(data)] = data
            there += len(data)
    except (OSError, ClientDisconnected) as error:
        raise _broke_off() from error
    if there < size:
        raise _broke_off()
    return whole


def media_type(headers: Headers) -> str:
    """What the sender says the file is, where that is a media type at all; parameters dropped."""
    given = parse_options_header(headers.get("Content-Type", ""))[0].strip().lower()
    return given if MEDIA_TYPE.fullmatch(given) else UNKNOWN_TYPE


def refused(sentence: str) -> UnprocessableError:
    return UnprocessableError(sentence, errors=[FieldError(f"/{FILE_PART}", sentence)])


def _broke_off() -> BadRequestError:
    return BadRequestError(_("The upload broke off before it was complete."))


def broken() -> BadRequestError:
    return BadRequestError(_("The body is not a complete multipart/form-data message."))
