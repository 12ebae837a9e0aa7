"""A store of evidence in memory, for tests of what stands around it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from shared import clock
from shared.storage import MeasuredStream, ObjectMissingError, Readable, Stored
from shared.storage_parts import PartStorage, StoredPart, Unfinished


@dataclass
class Fetched:
    """An object on its way out."""

    content: bytes
    closed: bool = False

    def __iter__(self) -> Iterator[bytes]:
        yield from (self.content[:1], self.content[1:])

    def close(self) -> None:
        self.closed = True


@dataclass
class MemoryStorage(PartStorage):
    """A store that keeps objects in a dictionary, and fails where a test says so."""

    objects: dict[str, bytes] = field(default_factory=dict)
    versions: set[str] = field(default_factory=set)
    stored_at: dict[str, datetime] = field(default_factory=dict)
    fetched: list[Fetched] = field(default_factory=list)
    lost_bytes: int = 0
    down: dict[str, Exception] = field(default_factory=dict)
    begun: dict[str, dict[int, bytes]] = field(default_factory=dict)
    begun_at: datetime | None = None
    public: bool = False

    def put(self, key: str, stream: Readable, content_type: str, max_bytes: int) -> Stored:
        self._fail("put")
        measured = MeasuredStream(stream, max_bytes)
        content = b"".join(iter(lambda: measured.read(4096), b""))
        self.objects[key] = content
        self.versions.add(key)
        self.stored_at[key] = clock.now()
        return Stored(len(content), sha256(content).hexdigest())

    def open(self, key: str, offset: int = 0, length: int | None = None) -> Any:
        self._fail("open")
        if key not in self.objects:
            raise ObjectMissingError(key)
        content = self.objects[key][offset : offset + length if length else None]
        self.fetched.append(Fetched(content))
        return self.fetched[-1]

    def flush(self) -> None:
        self._fail("flush")

    def flush_ahead(self) -> None:
        """Nothing of it is on a disk."""

    def stat(self, key: str) -> int:
        self._fail("stat")
        if key not in self.objects:
            raise ObjectMissingError(key)
        return len(self.objects[key]) - self.lost_bytes

    def keys(self, prefix: str = "", before: datetime | None = None) -> Iterator[str]:
        for key in sorted(self.objects):
            if key.startswith(prefix) and (before is None or self.stored_at[key] < before):
                yield key

    def erase(self, key: str) -> None:
        self.delete(key)
        self.versions.discard(key)

    def delete(self, key: str) -> None:
        self._fail("delete")
        self.objects.pop(key, None)

    @property
    def is_public(self) -> bool:
        return self.public

    def begin(self, key: str) -> str:
        self._fail("begin")
        self.begun[key] = {}
        return f"upload of {key}"

    def put_part(self, key: str, upload_id: str, number: int, data: bytes | memoryview) -> None:
        self._fail("put_part")
        self._begun(key, upload_id)[number] = bytes(data)

    def parts(self, key: str, upload_id: str) -> list[StoredPart]:
        parts = self._begun(key, upload_id)
        return [StoredPart(number, len(parts[number]), "etag") for number in sorted(parts)]

    def complete(self, key: str, upload_id: str, parts: list[StoredPart]) -> None:
        self._fail("complete")
        content = self._begun(key, upload_id)
        self.objects[key] = b"".join(content[part.number] for part in parts)
        self.versions.add(key)
        del self.begun[key]

    def abort(self, key: str, upload_id: str) -> None:
        self._fail("abort")
        self.begun.pop(key, None)

    def unfinished(self) -> list[Unfinished]:
        return [Unfinished(key, f"upload of {key}", self.begun_at) for key in self.begun]

    def address(self, key: str, upload_id: str, number: int) -> str:
        return f"http://store/{key}?partNumber={number}&uploadId={upload_id}"

    def _begun(self, key: str, upload_id: str) -> dict[int, bytes]:
        if key not in self.begun or upload_id != f"upload of {key}":
            raise ObjectMissingError(key)
        return self.begun[key]

    def _fail(self, what: str) -> None:
        if what in self.down:
            raise self.down[what]
