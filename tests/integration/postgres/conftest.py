"""Services on a private PostgreSQL server, started once, each test with a database of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from shared.launcher import databases
from shared.launcher.ports import LOOPBACK
from shared.launcher.postgres import Postgres
from shared.service import Service, load_service
from tests.support.databases import CHOICE, PostgresTemplate
from tests.support.service import ServiceUnderTest, know_key

Start = Callable[[str], ServiceUnderTest]


@pytest.fixture(scope="session")
def server() -> Postgres:
    return CHOICE.start()


@pytest.fixture(scope="session")
def templates() -> Callable[[str], PostgresTemplate]:
    """The migrated database of a service, made when it is asked for."""
    made: dict[str, PostgresTemplate] = {}

    def template(name: str) -> PostgresTemplate:
        if name not in made:
            made[name] = CHOICE.on_postgresql(load_service(name), know_key)
        return made[name]

    return template


class Fresh:
    """A service's two roles and its database, in which nothing was done yet."""

    def __init__(self, server: Postgres, number: int) -> None:
        self.account = databases.Account(f"fresh{number}", "runtime", "owner")
        self.port = server.port
        with server.admin() as admin:
            databases.create(admin, [self.account])

    def url(self, role: str, password: str) -> str:
        where = f"{LOOPBACK}:{self.port}/{self.account.database}"
        return f"postgresql://{role}:{password}@{where}"

    @property
    def runtime(self) -> str:
        return self.url(self.account.role, "runtime")

    @property
    def owner(self) -> str:
        return self.url(self.account.owner, "owner")


@pytest.fixture
def fresh(server: Postgres, request: pytest.FixtureRequest) -> Fresh:
    return Fresh(server, abs(hash(request.node.nodeid)))


@pytest.fixture
def start(templates: Callable[[str], PostgresTemplate], tmp_path: Path) -> Iterator[Start]:
    """Start a service on an empty database."""
    with ExitStack() as started:

        def service(name: str) -> ServiceUnderTest:
            found: Service = load_service(name)
            under_test = ServiceUnderTest(found, templates(name), tmp_path)
            started.callback(under_test.close)
            return under_test

        yield service
