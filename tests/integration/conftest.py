"""Servers for tests: real ones, on loopback, private to the test run."""

import os
from collections.abc import Iterator

import pytest

from shared.launcher.home import Home
from shared.launcher.ports import free_ports
from shared.launcher.store import PORTS_NEEDED, Store
from shared.settings import S3Settings, inherited
from tests.support.waiting import wait_until

START_SECONDS = 60
STOP_SECONDS = 5


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Settings]:
    """A running SeaweedFS, started as the launcher starts it."""
    home = Home(tmp_path_factory.mktemp("store"))
    home.create()
    home.make_secrets()
    store = Store(home, free_ports(PORTS_NEEDED))
    child = store.child(inherited())
    child.start()
    try:
        wait_until("the store answers", store.answers, START_SECONDS)
        yield S3Settings(
            endpoint=f"127.0.0.1:{store.port}",
            secure=False,
            bucket=f"test-{os.getpid()}",
            region="us-east-1",
            access_key=home.secret("s3-access-key"),
            secret_key=home.secret("s3-secret-key"),
        )
    finally:
        child.stop(0)
        store.remove_sockets()
