"""`iamis create-databases` on a PostgreSQL server that is there already."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from shared.launcher.ports import LOOPBACK
from shared.serving.databases import create_databases
from shared.settings import SettingsError, settings
from tests.support.postgres import passable_folder, running_postgres

SERVICES = ["marks", "sampling"]


class Server:
    """The server, and the URLs the settings have for it."""

    def __init__(self, folder: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.port = port
        self._admin = folder / "admin-url"
        password = (folder / "secrets" / "postgres-admin").read_text(encoding="utf-8")
        self._admin.write_text(self.url("postgres", "postgres", password.strip()), "utf-8")
        self._monkeypatch = monkeypatch

    def url(self, role: str, database: str, password: str) -> str:
        return f"postgresql://{role}:{password}@{LOOPBACK}:{self.port}/{database}"

    def tell(self, service: str, password: str, database: str = "") -> str:
        """Set the URLs of a service; returns that of its runtime role."""
        database = database or f"iamis_{service}"
        url = self.url(f"iamis_{service}", database, password)
        owner = self.url(f"iamis_{service}_owner", database, f"{password}-owner")
        self._monkeypatch.setenv(f"IAMIS_DATABASE_URL_{service.upper()}", url)
        self._monkeypatch.setenv(f"IAMIS_DATABASE_OWNER_URL_{service.upper()}", owner)
        settings.cache_clear()
        return url

    def create(self) -> Result:
        """Run the command."""
        arguments = ["--admin-url-file", str(self._admin), *SERVICES]
        return CliRunner().invoke(create_databases, arguments)


@pytest.fixture(scope="module")
def port_and_folder() -> Iterator[tuple[int, Path]]:
    with passable_folder() as folder, running_postgres(folder, []) as postgres:
        yield postgres.port, folder


@pytest.fixture
def server(port_and_folder: tuple[int, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    port, folder = port_and_folder
    yield Server(folder, port, monkeypatch)
    monkeypatch.undo()
    settings.cache_clear()


def reaches(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_it_makes_what_the_urls_name_and_may_be_repeated(server: Server) -> None:
    urls = [server.tell(name, "first") for name in SERVICES]
    for _each in range(2):
        assert server.create().exit_code == 0
        assert all(map(reaches, urls))


def test_another_password_takes_the_place_of_the_first(server: Server) -> None:
    first = [server.tell(name, "first") for name in SERVICES]
    assert server.create().exit_code == 0
    second = [server.tell(name, "second") for name in SERVICES]
    assert server.create().exit_code == 0
    assert not any(map(reaches, first))
    assert all(map(reaches, second))


def test_a_url_that_names_the_database_of_another_is_refused(server: Server) -> None:
    server.tell("marks", "secret-of-marks", database="iamis_sampling")
    server.tell("sampling", "secret")
    refused = server.create().exception
    assert isinstance(refused, SettingsError)
    assert "iamis_marks" in str(refused)
    assert "secret-of-marks" not in str(refused)
