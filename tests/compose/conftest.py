"""The containers of `docker-compose.yml`, brought up once for all tests of them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.launcher.ports import free_ports
from tests.compose.composition import Composition
from tests.compose.engine import Engine, running_engine
from tests.compose.standins import make_standins
from tests.guards.tree import ROOT
from tests.integration.conftest import accounts, make_paper, open_sheet

__all__ = ["accounts", "make_paper", "open_sheet"]

IMAGES = ROOT / ".env"


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with running_engine() as running:
        yield running


@pytest.fixture(scope="session")
def stack(engine: Engine) -> Iterator[Composition]:
    """The whole system in containers, with the demo; what the main job calls its stack."""
    port = free_ports(1)[0]
    with tempfile.TemporaryDirectory(prefix="iamis-compose-") as folder:
        composition = Composition(engine, Path(folder), port)
        images = named_images()
        own = {"IAMIS_IMAGE": "iamis-test", "IAMIS_PUBLISH": f"127.0.0.1:{port}"}
        if not engine.can_pull(images["POSTGRES_IMAGE"]):
            own |= make_standins(engine, Path(folder)) | {"IAMIS_BUILD_NETWORK": "host"}
        composition.prepare(images | own)
        try:
            composition.up()
            composition.compose("run", "--rm", "-T", "operator", "load-demo")
            yield composition
        finally:
            composition.down()


def named_images() -> dict[str, str]:
    """The variables of .env."""
    lines = IMAGES.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
