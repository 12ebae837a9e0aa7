"""A private S3 server for tests, started as the launcher starts it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.launcher.home import Home
from shared.launcher.ports import free_ports
from shared.launcher.store import PORTS_NEEDED, Store
from shared.settings import S3Settings, inherited
from tests.support.waiting import wait_for

START_SECONDS = 60


@contextmanager
def running_object_storage(folder: Path) -> Iterator[S3Settings]:
    """SeaweedFS with its data in `folder`; the bucket is not made yet."""
    home = Home(folder)
    home.create()
    home.make_secrets()
    store = Store(home, free_ports(PORTS_NEEDED))
    child = store.child(inherited())
    child.start()
    try:
        wait_for("the store answers", store.answers, START_SECONDS)
        yield S3Settings(
            endpoint=f"127.0.0.1:{store.port}",
            secure=False,
            bucket=f"test-{os.getpid()}",
            region="us-east-1",
            access_key=home.secret("s3-access-key"),
            secret_key=home.secret("s3-secret-key"),
            files=store.data,
        )
    finally:
        child.stop(0)
        store.remove_sockets()
