"""Large files as clients send them: whole, in parts, and in parts straight to the store."""

import hashlib
import io
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, cast
from urllib.parse import urlsplit

import urllib3

from services.uploads.domain.parts import PART_BYTES
from shared.settings import S3Settings
from shared.storage import Storage
from tests.support.sheet import Sheet
from tests.support.stack import Stack

MEBIBYTE = 2**20
PIECES = [hashlib.shake_256(b"%d" % index).digest(MEBIBYTE) for index in range(4)]
BYTES = {"Content-Type": "application/octet-stream"}
# Nobody resolves it: who sends to the store knows where it listens, and names it as it was signed.
PUBLIC_URL = "http://store.test:9000"
PLAIN = "plain"
# As pages do (`AT_ONCE` in evidence/parts.js), and the plain client of the store.
AT_ONCE = 3


def made(size: int, seed: int) -> Iterator[bytes]:
    """`size` bytes that no compression shortens, a piece at a time."""
    for index in range(size // MEBIBYTE):
        yield (index + seed).to_bytes(4, "big") + PIECES[index % len(PIECES)][4:]


class Stream(io.RawIOBase):
    """The same as a file to be read."""

    def __init__(self, size: int, seed: int) -> None:
        self._pieces, self._waiting = made(size, seed), b""

    def read(self, size: int = -1, /) -> bytes:
        while len(self._waiting) < size and (piece := next(self._pieces, b"")):
            self._waiting += piece
        given, self._waiting = self._waiting[:size], self._waiting[size:]
        return given


def hash_of(pieces: Iterator[bytes]) -> str:
    hasher = hashlib.sha256()
    for piece in pieces:
        hasher.update(piece)
    return hasher.hexdigest()


def send_whole(_stack: Stack, sheet: Sheet, size: int, seed: int) -> dict[str, Any]:
    sent = sheet.api.upload(sheet.files("0001"), "a.bin", made(size, seed))
    return cast("dict[str, Any]", sent.expect(201))


def send_parts(_stack: Stack, sheet: Sheet, size: int, seed: int) -> dict[str, Any]:
    """By way of the service."""
    begun, at = _begun(sheet, size)
    content = Stream(size, seed)
    for number in range(1, begun["part_count"] + 1):
        part = content.read(PART_BYTES)
        sheet.api.call("PUT", f"{at}/parts/{number}", part, BYTES).expect(204)
    return cast("dict[str, Any]", sheet.api.post(f"{at}/completion", {}).expect(201))


def send_direct(stack: Stack, sheet: Sheet, size: int, seed: int) -> dict[str, Any]:
    """To the addresses that the service gives, as many parts at once as pages send."""
    begun, at = _begun(sheet, size)
    assert begun["direct"]
    content, store = Stream(size, seed), f"http://127.0.0.1:{stack.instance.ports['store']}"
    named = {"Host": urlsplit(PUBLIC_URL).netloc}

    def send(url: str, part: bytes) -> None:
        to = store + url.removeprefix(PUBLIC_URL)
        taken = pool.request("PUT", to, body=part, headers=named)
        assert taken.status == 200, taken.data

    with urllib3.PoolManager(maxsize=AT_ONCE) as pool, ThreadPoolExecutor(AT_ONCE) as rows:
        on_way: deque[Future[None]] = deque()
        for url in _addresses(sheet, at, begun["part_count"]):
            if len(on_way) == AT_ONCE:
                on_way.popleft().result()
            on_way.append(rows.submit(send, url, content.read(PART_BYTES)))
        for sending in on_way:
            sending.result()
    return cast("dict[str, Any]", sheet.api.post(f"{at}/completion", {}).expect(201))


def _addresses(sheet: Sheet, at: str, parts: int) -> Iterator[str]:
    """Of every part, asked for when it is sent."""
    number = 1
    while number <= parts:
        given = sheet.api.get(f"{at}/parts/{number}/address").expect(200)
        urls = [given["url"], *given["following"]]
        yield from urls
        number += len(urls)


def _begun(sheet: Sheet, size: int) -> tuple[dict[str, Any], str]:
    uploads = f"{sheet.uploads}/uploads"
    told = {"name": "b.bin", "size": size, "candidate_no": "0001"}
    begun: dict[str, Any] = sheet.api.post(uploads, told).expect(201)
    return begun, f"{uploads}/{begun['id']}"


def plain_store(stack: Stack) -> Storage:
    """The plain client of the store, on a bucket of its own."""
    storage = Storage(
        S3Settings(
            endpoint=f"127.0.0.1:{stack.instance.ports['store']}",
            secure=False,
            bucket=PLAIN,
            region="us-east-1",
            access_key=stack.home.secret("s3-access-key"),
            secret_key=stack.home.secret("s3-secret-key"),
        )
    )
    storage.ensure_bucket()
    return storage


def send_plain(storage: Storage, size: int, seed: int) -> None:
    """The same bytes by the client alone, with nothing around it."""
    stream = Stream(size, seed)
    storage.client.put_object(PLAIN, "a", stream, size, part_size=PART_BYTES)  # type: ignore[arg-type]
    storage.delete("a")
