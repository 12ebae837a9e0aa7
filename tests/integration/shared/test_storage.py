"""Object storage against a real S3 server."""

import hashlib
import io
import os
import socket
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import urllib3

from shared.errors import PayloadTooLargeError, UnavailableError
from shared.launcher.ports import free_ports
from shared.settings import S3Settings
from shared.storage import CHUNK_BYTES, PART_BYTES, PIECE_BYTES, ObjectMissingError
from shared.storage_parts import PartStorage

MEBIBYTE = 2**20
LIMIT = 64 * MEBIBYTE
TYPE = "application/octet-stream"


@pytest.fixture(scope="module")
def storage(s3: S3Settings) -> PartStorage:
    storage = PartStorage(s3)
    storage.ensure_bucket()
    return storage


@pytest.fixture
def key() -> str:
    """As awkward as a key may be; it is ours to choose, but none is to fail."""
    return f"68101/ŵ y+%20/{os.urandom(8).hex()}"


class Endless:
    """A stream of `size` bytes that are made as they are read; fails at the end when told to."""

    def __init__(self, size: int, error: Exception | None = None) -> None:
        self.left, self.error = size, error

    def read(self, size: int, /) -> bytes:
        if not self.left and self.error:
            raise self.error
        given = min(size, self.left, CHUNK_BYTES)
        self.left -= given
        return b"m" * given


def content_of(storage: PartStorage, key: str, *span: int) -> bytes:
    download = storage.open(key, *span)
    try:
        return b"".join(download)
    finally:
        download.close()


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES + 7])
def test_what_is_put_is_what_is_opened(storage: PartStorage, key: str, size: int) -> None:
    content = os.urandom(size)

    stored = storage.put(key, io.BytesIO(content), TYPE, LIMIT)

    assert (stored.size, stored.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert storage.stat(key) == size
    assert content_of(storage, key) == content
    assert b"".join(map(bytes, storage.read_ahead(key, size))) == content


@pytest.mark.parametrize(
    ("span", "expected"), [((3,), b"3456789"), ((3, 4), b"3456"), ((0, 1), b"0")]
)
def test_a_part_is_opened(
    storage: PartStorage, key: str, span: tuple[int, ...], expected: bytes
) -> None:
    storage.put(key, io.BytesIO(b"0123456789"), TYPE, LIMIT)

    assert content_of(storage, key, *span) == expected


def test_a_download_may_be_left_early(storage: PartStorage, key: str) -> None:
    storage.put(key, Endless(2 * PART_BYTES), TYPE, LIMIT)

    download = storage.open(key)
    first = next(iter(download))
    download.close()

    assert first
    assert storage.stat(key) == 2 * PART_BYTES


def test_what_is_read_ahead_may_be_left_early(storage: PartStorage, key: str) -> None:
    storage.put(key, Endless(5 * PIECE_BYTES), TYPE, LIMIT)
    threads = threading.active_count()

    with closing(storage.read_ahead(key, 5 * PIECE_BYTES)) as pieces:
        assert len(next(pieces)) == PIECE_BYTES

    assert threading.active_count() == threads


def test_what_is_not_there_is_not_read_ahead(storage: PartStorage, key: str) -> None:
    with pytest.raises(ObjectMissingError):
        list(storage.read_ahead(key, 3 * PIECE_BYTES))


@pytest.mark.parametrize("size", [11, 2 * PART_BYTES])
def test_over_the_limit_nothing_is_stored(storage: PartStorage, key: str, size: int) -> None:
    with pytest.raises(PayloadTooLargeError):
        storage.put(key, Endless(size), TYPE, size - 1)

    with pytest.raises(ObjectMissingError):
        storage.stat(key)


@pytest.mark.parametrize("size", [11, PART_BYTES + 1, 3 * PART_BYTES])
def test_a_broken_stream_leaves_no_object_no_part_and_no_thread(
    storage: PartStorage, key: str, size: int
) -> None:
    threads = threading.active_count()

    with pytest.raises(OSError, match="gone"):
        storage.put(key, Endless(size, OSError("the client is gone")), TYPE, LIMIT)

    assert threading.active_count() == threads
    with pytest.raises(ObjectMissingError):
        storage.open(key)
    # The part of the client's interface that lists unfinished uploads is private.
    unfinished = storage.client._list_multipart_uploads(storage.bucket)  # noqa: SLF001
    assert not unfinished.uploads


def test_memory_is_that_of_parts_not_of_the_file(storage: PartStorage, key: str) -> None:
    tracemalloc.start()
    try:
        storage.put(key, Endless(6 * PART_BYTES), TYPE, LIMIT)
        download = storage.open(key)
        for _chunk in download:
            """Read and forget."""
        download.close()
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 4 * PART_BYTES


def test_delete_is_done_once_and_again(storage: PartStorage, key: str) -> None:
    storage.put(key, io.BytesIO(b"x"), TYPE, LIMIT)

    storage.delete(key)
    storage.delete(key)

    with pytest.raises(ObjectMissingError):
        storage.open(key)


def test_the_bucket_is_made_once(storage: PartStorage) -> None:
    storage.ensure_bucket()


def test_wrong_keys_are_our_fault_and_no_excuse(s3: S3Settings) -> None:
    with pytest.raises(Exception, match=r"AccessDenied|SignatureDoesNotMatch") as caught:
        PartStorage(replace(s3, secret_key="wrong" * 8)).put("k", io.BytesIO(b"x"), TYPE, LIMIT)

    assert not isinstance(caught.value, UnavailableError)


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_store_that_is_down_is_told_at_once(s3: S3Settings) -> None:
    down = PartStorage(replace(s3, endpoint=f"127.0.0.1:{free_ports(1)[0]}"))

    for call in (
        lambda: down.put("k", io.BytesIO(b"x"), TYPE, LIMIT),
        lambda: down.open("k"),
        lambda: down.stat("k"),
        lambda: down.delete("k"),
        lambda: down.ensure_bucket(patience_seconds=0.3),
    ):
        with pytest.raises(UnavailableError) as caught:
            call()
        assert int(caught.value.headers["Retry-After"]) > 0


def test_a_store_that_hangs_is_given_up(s3: S3Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.storage.READ_SECONDS", 0.2)
    with silent_server() as port:
        hanging = PartStorage(replace(s3, endpoint=f"127.0.0.1:{port}"))

        with pytest.raises(UnavailableError):
            hanging.put("k", io.BytesIO(b"x"), TYPE, LIMIT)


def test_at_a_start_the_bucket_waits_for_the_store(
    storage: PartStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [urllib3.exceptions.HTTPError(), urllib3.exceptions.HTTPError()]

    def coming_up(_bucket: str) -> bool:
        if refusals:
            raise refusals.pop()
        return True

    monkeypatch.setattr(storage.client, "bucket_exists", coming_up)

    storage.ensure_bucket(patience_seconds=30)

    assert not refusals


def test_what_is_accepted_is_flushed_to_disk(
    s3: S3Settings, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: set[str] = set()

    def record(descriptor: int) -> None:
        flushed.add(Path(f"/proc/self/fd/{descriptor}").readlink().suffix)

    monkeypatch.setattr(os, "fsync", record)

    PartStorage(s3).put(key, io.BytesIO(b"x" * MEBIBYTE), TYPE, LIMIT)

    # The volume with the content and its index, and the journal of the names.
    assert {".dat", ".idx", ".log"} <= flushed
