"""The reports service by itself, on a fresh database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.reports.app import SERVICE
from shared.files import store
from tests.support.databases import Template
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest, migrated_database
from tests.unit.reports.test_moderator_report import submitted, write


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return migrated_database(SERVICE, tmp_path_factory.mktemp("reports"))


@pytest.fixture
def service(template: Template, tmp_path: Path) -> Iterator[ServiceUnderTest]:
    under_test = ServiceUnderTest(SERVICE, template, tmp_path)
    yield under_test
    under_test.close()


@pytest.fixture(autouse=True)
def storage(monkeypatch: pytest.MonkeyPatch) -> MemoryStorage:
    memory = MemoryStorage()
    monkeypatch.setattr(store, "bucket", lambda: memory)
    return memory


@pytest.fixture
def written(service: ServiceUnderTest) -> ServiceUnderTest:
    """A moderator's report that the centre may not see yet."""
    submitted(service)
    write(service)
    return service
