"""A private PostgreSQL for tests, started as the launcher starts it."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from shared.launcher.home import PASSABLE, Home
from shared.launcher.ports import free_ports
from shared.launcher.postgres import STOP_SECONDS, Postgres
from tests.support.waiting import wait_for

START_SECONDS = 60
NOTHING: Mapping[str, str] = {}


@contextmanager
def passable_folder() -> Iterator[Path]:
    """A temporary folder that another user may pass; those that pytest makes are closed."""
    folder = Path(tempfile.mkdtemp(prefix="iamis-pg-"))
    folder.chmod(PASSABLE)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running_postgres(
    folder: Path,
    services: Sequence[str],
    more_settings: Mapping[str, str] = NOTHING,
    port: int = 0,
) -> Iterator[Postgres]:
    """The server with its data in `folder` and a database for each of `services`."""
    home = Home(folder)
    home.create()
    postgres = Postgres(home, port or free_ports(1)[0], services, more_settings)
    child = postgres.child()
    child.start()
    try:
        wait_for("PostgreSQL answers", postgres.answers, START_SECONDS)
        postgres.create_databases()
        yield postgres
    finally:
        child.ask_to_stop()
        child.stop(STOP_SECONDS)


@contextmanager
def quick_postgres() -> Iterator[Postgres]:
    """A server for many tests: without its waits for the disk, and without a database."""
    with (
        passable_folder() as folder,
        running_postgres(folder, [], {"fsync": "off", "full_page_writes": "off"}) as postgres,
    ):
        yield postgres
