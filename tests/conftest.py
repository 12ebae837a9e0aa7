"""What holds for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from shared.settings import adopt
from tests.support.databases import CHOICE, POSTGRESQL, SQLITE
from tests.support.environment import restored
from tests.support.rabbitmq import Broker, running_broker
from tests.support.stack import REAL

# The fixture of every folder of tests that have a database (tests/support/databases.py).
TEMPLATE = "template"
UNIT, GUARDS = (Path(__file__).parent / name for name in ("unit", "guards"))
RACES = "at_once"
FIRST_PORT, PORTS_EACH = 20_000, 2_500
REASON_LINES = 60

# A time is never asserted: how long an example takes depends on the machine.
settings.register_profile("iamis", deadline=None)
settings.load_profile("iamis")


@pytest.fixture(scope="module", autouse=True)
def _environment_of_the_module() -> Iterator[None]:
    with restored():
        yield


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    with restored():
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=(SQLITE, POSTGRESQL),
        default=SQLITE,
        help="what services under test keep their data in",
    )


def pytest_configure(config: pytest.Config) -> None:
    CHOICE.kind = config.getoption("--database")
    worker = getattr(config, "workerinput", None)
    if worker:
        # What one process starts and has not bound yet, another does not take.
        first = FIRST_PORT + PORTS_EACH * int(worker["workerid"].removeprefix("gw"))
        adopt({"IAMIS_PORTS": f"{first}-{first + PORTS_EACH - 1}"})


def pytest_sessionstart() -> None:
    """Start the server before sockets are closed to unit tests."""
    if CHOICE.kind == POSTGRESQL:
        CHOICE.start()


def pytest_unconfigure() -> None:
    CHOICE.stop()


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    return BySystem(config, log)


class BySystem(LoadScopeScheduling):  # type: ignore[misc]
    """Gives the tests that share a system to one process: its start is what takes time.

    A whole system is shared by every test on it, a server by those of a folder.
    """

    def _split_scope(self, nodeid: str) -> str:
        path, _colons, name = nodeid.partition("::")
        if path.startswith(("tests/unit", "tests/guards")):
            return path
        return f"{path.rpartition('/')[0]} {REAL in name.rpartition('[')[2]}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Unit tests open no socket; the others reach this machine only.

    On another database than by default, those that have none say nothing more and are left out.
    """
    if CHOICE.kind == POSTGRESQL:
        named = {item: TEMPLATE in getattr(item, "fixturenames", ()) for item in items}
        config.hook.pytest_deselected(items=[item for item in items if not named[item]])
        items[:] = [item for item in items if named[item]]
    for item in items:
        if item.path.is_relative_to(UNIT):
            item.add_marker(pytest.mark.disable_socket)
        else:
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2", "::1", "localhost"]))
        # A busy machine may be late once; a race that is lost once is a fault, and so is a guard.
        if not (item.path.is_relative_to(GUARDS) or item.path.stem.endswith(RACES)):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Why a test was tried again: a busy machine, or something to be mended."""
    for report in terminalreporter.stats.get("rerun", ()):
        terminalreporter.section(f"first try of {report.nodeid}")
        for line in report.longreprtext.splitlines()[-REASON_LINES:]:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """RabbitMQ; a test has a virtual host of its own."""
    with running_broker(tmp_path_factory.mktemp("broker")) as running:
        yield running
