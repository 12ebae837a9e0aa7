"""The uploads service on a fresh database, with a store in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from services.uploads import commands, store
from services.uploads.app import SERVICE
from shared import clock
from shared.storage import MeasuredStream, ObjectMissingError, Readable, Storage, Stored
from tests.support.service import ServiceUnderTest, migrated_database
from tests.unit.uploads.builders import IN_TIME


@pytest.fixture(autouse=True)
def _no_news_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "NEWS_SECONDS", 0.0)


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
class MemoryStorage(Storage):
    """A store that keeps objects in a dictionary, and fails where a test says so."""

    objects: dict[str, bytes] = field(default_factory=dict)
    fetched: list[Fetched] = field(default_factory=list)
    lost_bytes: int = 0
    down: dict[str, Exception] = field(default_factory=dict)

    def put(self, key: str, stream: Readable, content_type: str, max_bytes: int) -> Stored:
        self._fail("put")
        measured = MeasuredStream(stream, max_bytes)
        content = b"".join(iter(lambda: measured.read(4096), b""))
        self.objects[key] = content
        return Stored(len(content), sha256(content).hexdigest())

    def open(self, key: str, offset: int = 0, length: int | None = None) -> Any:
        self._fail("open")
        if key not in self.objects:
            raise ObjectMissingError(key)
        self.fetched.append(Fetched(self.objects[key]))
        return self.fetched[-1]

    def stat(self, key: str) -> int:
        self._fail("stat")
        return len(self.objects[key]) - self.lost_bytes

    def delete(self, key: str) -> None:
        self._fail("delete")
        self.objects.pop(key, None)

    def _fail(self, what: str) -> None:
        if what in self.down:
            raise self.down[what]


@dataclass
class Clock:
    """What time it is for the service."""

    now: datetime = IN_TIME


@pytest.fixture(autouse=True)
def storage(monkeypatch: pytest.MonkeyPatch) -> MemoryStorage:
    memory = MemoryStorage()
    monkeypatch.setattr(store, "evidence", lambda: memory)
    return memory


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of the test: set `now` to move it."""
    moved = Clock()
    monkeypatch.setattr(clock, "now", lambda: moved.now)
    return moved


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated_database(SERVICE, tmp_path_factory.mktemp("uploads"))


@pytest.fixture
def service(template: Path, tmp_path: Path) -> Iterator[ServiceUnderTest]:
    under_test = ServiceUnderTest(SERVICE, template, tmp_path)
    yield under_test
    under_test.close()
