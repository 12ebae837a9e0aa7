"""Evidence in object storage, over plain S3 calls: streamed, measured, bounded.

Nothing here holds a whole file: a download is handed on in chunks. What stores is in
`storage_parts.py`.
"""

import hashlib
import itertools
import logging
import time
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

import urllib3
from minio import Minio
from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3.exceptions import HTTPError

from shared.durable import Flusher
from shared.errors import FieldError, PayloadTooLargeError, UnavailableError
from shared.files.room import room
from shared.i18n import gettext as _
from shared.settings import S3Settings

# The least that S3 takes of a part that is not the last: what is in memory of each upload.
PART_BYTES = 5 * 2**20
CHUNK_BYTES = 256 * 2**10
# What is read ahead of a large object, in so many requests at once.
PIECE_BYTES = 4 * 2**20
PIECES_AHEAD = 2
CONNECTIONS = 16
CONNECT_SECONDS = 2
READ_SECONDS = 20
RETRY_AFTER_SECONDS = 5
PATIENCE_STEP_SECONDS = 0.2
# S3 answers these when it is up but cannot serve now; one more try is made by the client itself.
BUSY = (500, 502, 503, 504)
MISSING = ("NoSuchKey", "NoSuchBucket", "NoSuchUpload")
# Refused for the moment: what was sent came too slowly or damaged, another does something with the
# same, or a part was sent anew after the parts were listed. Asked again, it may go well.
PASSING = frozenset(
    {
        "BadDigest",
        "EntityTooSmall",
        "IncompleteBody",
        "InvalidPart",
        "OperationAborted",
        "RequestTimeout",
        "SlowDown",
        "TooManyRequests",
        "XAmzContentSHA256Mismatch",
    }
)

log = logging.getLogger(__name__)


class ObjectMissingError(LookupError):
    """No object is stored under this key."""


class StoreRefusesError(Exception):
    """The store is there and does not let us: its code, such as `AccessDenied`."""


class Readable(Protocol):
    """What an upload is read from: `read` gives at most `size` bytes, and none at the end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Stored:
    """What was stored: its size in bytes and the SHA-256 of its content, in hexadecimal."""

    size: int
    sha256: str


@dataclass
class MeasuredStream:
    """Passes a stream on, counting and hashing it; refuses the byte that is one too many."""

    source: Readable
    max_bytes: int
    size: int = 0
    hasher: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def read(self, size: int, /) -> memoryview:
        """Read until `size` bytes are there or the source ends."""
        whole, there = room(size), 0
        while there < size and (data := self.source.read(min(CHUNK_BYTES, size - there))):
            self.size += len(data)
            if self.size > self.max_bytes:
                raise too_large(self.max_bytes)
            self.hasher.update(data)
            whole[there : there + len(data)] = data
            there += len(data)
        return whole[:there]


@dataclass(frozen=True)
class Download:
    """The bytes of an object, in chunks. `close` it, also when it was not read to the end."""

    response: urllib3.BaseHTTPResponse

    def __iter__(self) -> Iterator[bytes]:
        with unavailable_when_down():
            yield from self.response.stream(CHUNK_BYTES, decode_content=False)

    def close(self) -> None:
        self.response.close()
        self.response.release_conn()


class Storage:
    """One bucket of an S3 store. Safe to share between threads.

    Every method raises `UnavailableError` (with `Retry-After`) within seconds when the store is
    down.
    """

    def __init__(self, where: S3Settings) -> None:
        self.bucket = where.bucket
        self._flusher = Flusher(where.files) if where.files else None
        self.client = Minio(
            where.endpoint,
            access_key=where.access_key,
            secret_key=where.secret_key,
            secure=where.secure,
            region=where.region,
            http_client=urllib3.PoolManager(
                maxsize=CONNECTIONS,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
                retries=urllib3.Retry(
                    total=1, backoff_factor=0.2, status_forcelist=BUSY, raise_on_status=False
                ),
            ),
        )

    def has_bucket(self) -> bool:
        with unavailable_when_down():
            return self.client.bucket_exists(self.bucket)

    def ensure_bucket(self, patience_seconds: float = 0) -> None:
        """Make the bucket unless it is there; at a start, wait so long for the store to be up."""
        deadline = time.monotonic() + patience_seconds
        while True:
            try:
                if not self.has_bucket():
                    self._make_bucket()
            except UnavailableError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(PATIENCE_STEP_SECONDS)
            else:
                return

    def _make_bucket(self) -> None:
        try:
            with unavailable_when_down():
                self.client.make_bucket(self.bucket)
        except StoreRefusesError:
            # Another may have made it since it was looked for.
            if not self.has_bucket():
                raise

    def flush(self) -> None:
        """Have on disk what the store has accepted, where it is part of this installation."""
        if not self._flusher:
            return
        try:
            self._flusher.flush()
        except OSError as error:
            log.exception("what the store has accepted cannot be had on disk")
            raise unavailable() from error

    def flush_ahead(self) -> None:
        """Begin with that in the background, so that little of a large file is left for `flush`."""
        if self._flusher:
            self._flusher.flush_ahead()

    def open(self, key: str, offset: int = 0, length: int | None = None) -> Download:
        """The content from byte `offset` on: `length` bytes of it, or all.

        Raises `ObjectMissingError`.
        """
        with unavailable_when_down():
            response = self.client.get_object(self.bucket, key, offset, length or 0)
        return Download(response)

    def read_ahead(self, key: str, size: int) -> Generator[memoryview]:
        """The content of an object of `size` bytes in order, in pieces, each until the next.

        While one is looked at, the next are on their way: a few mebibytes are in memory. Raises
        `ObjectMissingError`.
        """
        rooms = itertools.cycle([room(PIECE_BYTES) for _each in range(PIECES_AHEAD + 1)])
        with ThreadPoolExecutor(PIECES_AHEAD, "read") as pool:
            coming: deque[Future[memoryview]] = deque()
            try:
                for offset in range(0, size, PIECE_BYTES):
                    coming.append(pool.submit(self._piece, key, offset, next(rooms)))
                    if len(coming) > PIECES_AHEAD:
                        yield coming.popleft().result()
                while coming:
                    yield coming.popleft().result()
            finally:
                for unread in coming:
                    unread.cancel()

    def _piece(self, key: str, offset: int, into: memoryview) -> memoryview:
        there = 0
        with closing(self.open(key, offset, len(into))) as content:
            for data in content:
                into[there : there + len(data)] = data
                there += len(data)
        return into[:there]

    def stat(self, key: str) -> int:
        """The size of the object in bytes; raises `ObjectMissingError`."""
        with unavailable_when_down():
            return self.client.stat_object(self.bucket, key).size or 0

    def keys(self, prefix: str = "", before: datetime | None = None) -> Iterator[str]:
        """The key of every object whose key begins so; of those stored `before` then, if given."""
        with unavailable_when_down():
            for one in self.client.list_objects(self.bucket, prefix=prefix, recursive=True):
                if before is None or (one.last_modified and one.last_modified < before):
                    yield str(one.object_name)

    def erase(self, key: str) -> None:
        """Remove the object for good: in a bucket that keeps versions, every one of them."""
        with unavailable_when_down():
            versions = self.client.list_objects(self.bucket, prefix=key, include_version=True)
            for one in [one for one in versions if one.object_name == key]:
                self.client.remove_object(self.bucket, key, version_id=one.version_id)
        self.delete(key)

    def delete(self, key: str) -> None:
        """Remove the object; one that is not there is no error."""
        with unavailable_when_down():
            self.client.remove_object(self.bucket, key)


@contextmanager
def unavailable_when_down() -> Iterator[None]:
    """Turn what the client raises into this project's errors; the driver's text stays inside."""
    try:
        yield
    except S3Error as error:
        if error.code in MISSING:
            raise ObjectMissingError(error.object_name) from error
        refuses = error.response.status < HTTPStatus.INTERNAL_SERVER_ERROR
        if refuses and error.code not in PASSING:
            raise StoreRefusesError(error.code) from error
        raise unavailable() from error
    except (HTTPError, ServerError, InvalidResponseError) as error:
        raise unavailable() from error


def too_large(largest: int) -> PayloadTooLargeError:
    """A file has more bytes than that; it is sent in the field `file` everywhere."""
    sentence = _("The file is larger than %(limit)s bytes.", limit=largest)
    errors = [FieldError("/file", sentence)]
    return PayloadTooLargeError(sentence, errors=errors, extra={"limit": largest})


def unavailable() -> UnavailableError:
    return UnavailableError(
        _("The file store is not available now. Please try again in a moment."),
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )
