"""Uploads in parts, which may be broken off and gone on with: plain S3, by way of one adapter.

The client has all of this, but in private methods: they are called here and nowhere else, and the
tests compare what they take with what is written here.
"""

import io
import itertools
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from minio import Minio
from minio.datatypes import Part

from shared.errors import ProblemError
from shared.settings import S3Settings
from shared.storage import (
    PART_BYTES,
    MeasuredStream,
    ObjectMissingError,
    Readable,
    Storage,
    Stored,
    unavailable_when_down,
)

# How long an address is good for that takes one part: the slowest line needs that for 8 MiB.
ADDRESS_LIFE = timedelta(minutes=15)
LISTED_AT_A_TIME = 1000
# Parts on their way to the store, of one file: one more is in memory only while both of them are.
STORED_AT_ONCE = 2
# After so many parts, what the store has is begun to be flushed.
FLUSHED_AFTER = 8
NO_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class StoredPart:
    """A part that the store has: its size in bytes, and what the store calls its content."""

    number: int
    size: int
    etag: str


@dataclass(frozen=True)
class Unfinished:
    """An upload in parts that was begun and neither completed nor aborted."""

    key: str
    upload_id: str
    begun_at: datetime | None


class PartStorage(Storage):
    """A bucket that takes uploads in parts; with `public_url`, also straight from browsers."""

    def __init__(self, where: S3Settings, public_url: str | None = None) -> None:
        super().__init__(where)
        self._public = _public_client(where, public_url) if public_url else None

    @property
    def is_public(self) -> bool:
        """Whether browsers reach the store themselves."""
        return self._public is not None

    def put(self, key: str, stream: Readable, content_type: str, max_bytes: int) -> Stored:
        """Store `stream`, whatever its length, under `key`; once returned it is on disk.

        Raises `PayloadTooLargeError` over `max_bytes`. When the stream or the store fails, no
        object is left. Parts are stored while the next is read: two are in memory.
        """
        measured = MeasuredStream(stream, max_bytes)
        parts = [measured.read(PART_BYTES)]
        if measured.size == PART_BYTES:
            self._put_in_parts(key, parts.pop(), measured)
        else:
            whole = io.BytesIO(parts[0])
            with unavailable_when_down():
                self.client.put_object(self.bucket, key, whole, measured.size, content_type)
            self.flush()
        return Stored(measured.size, measured.hasher.hexdigest())

    def _put_in_parts(self, key: str, part: memoryview, rest: MeasuredStream) -> None:
        upload_id = self.begin(key)
        try:
            with ThreadPoolExecutor(STORED_AT_ONCE, "put") as pool:
                storing: deque[Future[None]] = deque()
                for number in itertools.count(1):
                    storing.append(pool.submit(self.put_part, key, upload_id, number, part))
                    if len(storing) == STORED_AT_ONCE:
                        storing.popleft().result()
                    part = rest.read(PART_BYTES)
                    if not part:
                        break
                for left in storing:
                    left.result()
            self.complete(key, upload_id, self.parts(key, upload_id))
            self.flush()
        except BaseException:
            with suppress(ProblemError):
                self.abort(key, upload_id)
            raise

    def begin(self, key: str) -> str:
        """Begin an upload to `key`: nothing is there before it is completed."""
        with unavailable_when_down():
            upload_id: str = self.client._create_multipart_upload(self.bucket, key, {})  # noqa: SLF001
            return upload_id

    def put_part(self, key: str, upload_id: str, number: int, data: bytes | memoryview) -> None:
        """Store a part; one that is there already is replaced. Raises `ObjectMissingError`."""
        with unavailable_when_down():
            self.client._upload_part(self.bucket, key, data, None, upload_id, number)  # type: ignore[arg-type]  # noqa: SLF001 - it wants bytes, and takes what is like them
        if number % FLUSHED_AFTER == 0:
            self.flush_ahead()

    def parts(self, key: str, upload_id: str) -> list[StoredPart]:
        """The parts there are, by number; `ObjectMissingError` where there is no such upload.

        Some stores still list a part that was replaced: the newest counts, or the larger.
        """
        newest: dict[int, tuple[datetime, StoredPart]] = {}
        for at, part in self._parts(key, upload_id):
            before = newest.get(part.number)
            if before is None or (at, part.size) >= (before[0], before[1].size):
                newest[part.number] = at, part
        return [newest[number][1] for number in sorted(newest)]

    def _parts(self, key: str, upload_id: str) -> Iterator[tuple[datetime, StoredPart]]:
        marker: str | None = None
        while True:
            with unavailable_when_down():
                page = self.client._list_parts(  # noqa: SLF001
                    self.bucket, key, upload_id, LISTED_AT_A_TIME, marker
                )
            for part in page.parts:
                stored = StoredPart(int(part.part_number), int(part.size or 0), str(part.etag))
                yield part.last_modified or NO_TIME, stored
            if not page.is_truncated:
                return
            marker = str(page.next_part_number_marker)

    def complete(self, key: str, upload_id: str, parts: list[StoredPart]) -> None:
        """Make an object of the parts; `flush` has it on disk."""
        named = [Part(part.number, part.etag) for part in parts]
        with unavailable_when_down():
            self.client._complete_multipart_upload(self.bucket, key, upload_id, named)  # noqa: SLF001

    def abort(self, key: str, upload_id: str) -> None:
        """Forget the upload and its parts; one that is over is no error."""
        try:
            with unavailable_when_down():
                self.client._abort_multipart_upload(self.bucket, key, upload_id)  # noqa: SLF001
        except ObjectMissingError:
            return

    def unfinished(self) -> list[Unfinished]:
        """Every upload in parts under way, as far as the store lists them at once."""
        with unavailable_when_down():
            page = self.client._list_multipart_uploads(self.bucket)  # noqa: SLF001
        return [
            Unfinished(str(one.object_name), str(one.upload_id), one.initiated_time)
            for one in page.uploads
        ]

    def address(self, key: str, upload_id: str, number: int) -> str:
        """Where a browser PUTs this one part of this one upload, and nothing else."""
        if self._public is None:
            message = "the store has no public address"
            raise RuntimeError(message)
        named = {"partNumber": str(number), "uploadId": upload_id}
        return self._public.get_presigned_url(
            "PUT",
            self.bucket,
            key,
            expires=ADDRESS_LIFE,
            extra_query_params=named,  # type: ignore[arg-type]  # wider than the client says
        )


def _public_client(where: S3Settings, public_url: str) -> Minio:
    """Signs for the address that browsers use; the region is given, so it asks nobody."""
    url = urlsplit(public_url)
    return Minio(
        url.netloc,
        access_key=where.access_key,
        secret_key=where.secret_key,
        secure=url.scheme == "https",
        region=where.region,
    )
