"""The services as everybody who may ask meets them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.settings import settings
from tests.unit.access.world import World, make_world


@contextmanager
def _sealing() -> Iterator[None]:
    """What identity seals secrets with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture(scope="module", autouse=True)
def _secret() -> Iterator[None]:
    with _sealing():
        yield


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    with _sealing():
        return make_world(tmp_path_factory.mktemp("world"))
