"""The uploads service on a fresh database, with a store in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from services.uploads.api import transfers
from services.uploads.app import SERVICE
from services.uploads.commands import admission
from services.uploads.domain import parts
from shared import clock
from shared.files import store
from tests.support.databases import Template
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest, migrated_database
from tests.unit.uploads.builders import IN_TIME


@pytest.fixture(autouse=True)
def _no_news_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "NEWS_SECONDS", {})


@dataclass
class Clock:
    """What time it is for the service."""

    now: datetime = IN_TIME


@pytest.fixture(autouse=True)
def storage(monkeypatch: pytest.MonkeyPatch) -> MemoryStorage:
    memory = MemoryStorage()
    monkeypatch.setattr(store, "bucket", lambda: memory)
    return memory


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of the test: set `now` to move it."""
    moved = Clock()
    monkeypatch.setattr(clock, "now", lambda: moved.now)
    return moved


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return migrated_database(SERVICE, tmp_path_factory.mktemp("uploads"))


@pytest.fixture
def service(template: Template, tmp_path: Path) -> Iterator[ServiceUnderTest]:
    under_test = ServiceUnderTest(SERVICE, template, tmp_path)
    yield under_test
    under_test.close()


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (parts, transfers):
        monkeypatch.setattr(module, "PART_BYTES", 8)
