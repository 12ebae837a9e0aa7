"""The marks service by itself, on a fresh database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.marks.app import SERVICE
from tests.support.databases import Template
from tests.support.service import ServiceUnderTest, migrated_database


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return migrated_database(SERVICE, tmp_path_factory.mktemp("marks"))


@pytest.fixture
def marks(template: Template, tmp_path: Path) -> Iterator[ServiceUnderTest]:
    service = ServiceUnderTest(SERVICE, template, tmp_path)
    yield service
    service.close()
