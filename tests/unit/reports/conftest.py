"""The reports service by itself, on a fresh database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.reports.app import SERVICE
from tests.support.databases import Template
from tests.support.service import ServiceUnderTest, migrated_database


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return migrated_database(SERVICE, tmp_path_factory.mktemp("reports"))


@pytest.fixture
def service(template: Template, tmp_path: Path) -> Iterator[ServiceUnderTest]:
    under_test = ServiceUnderTest(SERVICE, template, tmp_path)
    yield under_test
    under_test.close()
