"""Servers the platform library is tested against."""

from collections.abc import Iterator

import pytest

from shared.settings import S3Settings
from tests.support.object_storage import running_object_storage


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Settings]:
    with running_object_storage(tmp_path_factory.mktemp("store")) as where:
        yield where
