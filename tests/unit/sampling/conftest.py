"""The sampling service on a fresh database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.sampling.app import SERVICE
from services.sampling.domain import Candidate
from tests.support.databases import Template
from tests.support.service import ServiceUnderTest, migrated_database
from tests.unit.sampling.builders import marked
from tests.unit.sampling.events import CENTRE, PAPER, know_paper, submit


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return migrated_database(SERVICE, tmp_path_factory.mktemp("sampling"))


@pytest.fixture
def sampling(template: Template, tmp_path: Path) -> Iterator[ServiceUnderTest]:
    service = ServiceUnderTest(SERVICE, template, tmp_path)
    yield service
    service.close()


@pytest.fixture
def generated(sampling: ServiceUnderTest) -> ServiceUnderTest:
    """12 with marks, of whom 1, 3, 5, 7, 9, 11 and 12 are in; 0013 absent, 0014 carried forward."""
    know_paper(sampling)
    coded = [Candidate("0013", code="A"), Candidate("0014", code="CF")]
    submit(sampling, [*marked(range(30, 18, -1)), *coded])
    sampling.allocate(CENTRE, PAPER)
    return sampling
