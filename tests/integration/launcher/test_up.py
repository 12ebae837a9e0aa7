"""`iamis up` as people use it, with three small services in place of the real ones."""

import http.client
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.launcher.ports import free_ports, is_free
from tests.support import dummies
from tests.support.probes import answer, answers
from tests.support.stack import Stack, running_stack
from tests.support.waiting import wait_for

SECONDS = 60


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which the small services are found."""
    return dummies.install(tmp_path_factory.mktemp("dummies"))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, found: dict[str, str]) -> Iterator[Stack]:
    """One system for the tests that leave it running."""
    with running_stack(tmp_path_factory.mktemp("up") / "home", environment=found) as stack:
        yield stack


def gone(stack: Stack) -> bool:
    return not stack.processes()


def refused(stack: Stack) -> str:
    """What a start that ends by itself says; its status is not 0."""
    stack.launch()
    wait_for("iamis up has ended", lambda: stack.process.poll() is not None, SECONDS)
    assert stack.process.returncode == 1
    assert gone(stack)
    return stack.output()


def test_everything_answers(stack: Stack) -> None:
    assert answer(stack.port, "/who")["name"] == "gateway"
    for name in ("first", "second"):
        assert answer(stack.instance.ports[name], "/readyz") == {"status": "ok"}


def test_the_accounts_and_the_address_are_printed(stack: Stack) -> None:
    assert stack.base_url in stack.output()
    assert stack.accounts[0]["email"] in stack.output()


def test_command_lines_name_service_and_role(stack: Stack) -> None:
    commands = stack.processes()

    for name in ("first", "second", "gateway"):
        assert f"serve {name}" in commands[stack.service_pid(name)]


def test_secrets_are_on_no_command_line_and_in_no_log(stack: Stack) -> None:
    shown = "\n".join(stack.processes().values()) + stack.output()
    shown += "".join(log.read_text() for log in (stack.path / "log").iterdir())

    for secret in (stack.path / "secrets").iterdir():
        assert secret.read_text() not in shown


def test_everything_listens_on_loopback_only(stack: Stack) -> None:
    ours = {f"socket:[{inode}]" for inode in listening_elsewhere()}
    for pid in stack.processes():
        held = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
        assert not held & ours


def listening_elsewhere() -> Iterator[str]:
    """The inodes of TCP sockets that listen on more than loopback."""
    for table, loopback in (("tcp", "0100007F"), ("tcp6", "0" * 24 + "01000000")):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and not fields[1].startswith(loopback):
                yield fields[9]


def test_a_second_start_on_the_same_home_is_refused(stack: Stack) -> None:
    second = Stack(stack.path, stack.port, environment=stack.environment)

    assert "already running" in refused(second)
    assert stack.process.poll() is None
    assert answers(stack.port)


def test_a_taken_port_is_named(stack: Stack, tmp_path: Path) -> None:
    other = Stack(tmp_path / "home", stack.port, environment=stack.environment)

    assert f"Port {stack.port} is taken" in refused(other)


@pytest.mark.parametrize("name", ["first", "gateway", "store"])
def test_what_is_killed_is_started_again(stack: Stack, name: str) -> None:
    before = stack.service_pid(name)
    family = [pid for pid, command in stack.processes().items() if f"serve {name}" in command]

    os.kill(before, signal.SIGKILL)

    wait_for(f"{name} runs again", lambda: stack.instance.pids.get(name, before) != before, 60)
    # Its worker has gone with it: were it alive, it would hold the port.
    assert not set(family) & set(stack.processes())
    if name != "store":
        wait_for("it answers", lambda: answers(stack.instance.ports[name]), SECONDS)
    assert f"{name} ended with status -9" in stack.output()


def test_a_worker_that_dies_is_replaced(stack: Stack) -> None:
    port = stack.instance.ports["second"]
    worker = answer(port, "/who")["pid"]
    assert worker != stack.service_pid("second")

    os.kill(worker, signal.SIGKILL)

    wait_for("it answers", lambda: answers(port), SECONDS)
    assert answer(port, "/who")["pid"] != worker


@contextmanager
def a_browser(stack: Stack) -> Iterator[None]:
    """One that has seen a page, and keeps its connection for the next."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=5)
    connection.request("GET", "/livez")
    connection.getresponse().read()
    assert connection.sock
    yield
    connection.close()


@pytest.mark.long
def test_ctrl_c_leaves_nothing_and_the_next_start_continues(
    found: dict[str, str], tmp_path: Path
) -> None:
    with running_stack(tmp_path / "home", environment=found) as stack:
        keys = [file.read_text() for file in sorted((stack.path / "secrets").iterdir())]
        accounts = stack.accounts

        with a_browser(stack):
            assert stack.stop(signal.SIGINT) == 0
        assert gone(stack)
        assert "Worker exiting" in stack.home.log_file("gateway").read_text(), "it was killed"
        assert not stack.home.instance_file.exists()

        stack.start()
        assert stack.accounts == accounts
        assert [file.read_text() for file in sorted((stack.path / "secrets").iterdir())] == keys
        assert (stack.path / "demo-runs").read_text() == "run "

        assert stack.stop(signal.SIGTERM) == 0
        assert gone(stack)


def test_children_die_with_a_launcher_that_is_killed(found: dict[str, str], tmp_path: Path) -> None:
    with running_stack(tmp_path / "home", demo=False, environment=found) as stack:
        assert not stack.home.accounts_file.exists()
        session = stack.processes()
        assert len(session) > 4

        os.kill(stack.process.pid, signal.SIGKILL)
        stack.process.wait()

        wait_for("all of it is gone", lambda: gone(stack), SECONDS)
        stack.start()
        assert answers(stack.port)


@pytest.mark.long
def test_an_interrupted_first_start_is_taken_up_again(
    found: dict[str, str], tmp_path: Path
) -> None:
    broken = {**found, "DUMMY_DEMO_FAILS": "1"}
    stack = Stack(tmp_path / "home", free_ports(1)[0], environment=broken)
    assert "the demo data is broken" in refused(stack)
    assert is_free(stack.port)
    assert not stack.home.first_start_marker.exists()

    with running_stack(tmp_path / "home", environment=found) as again:
        assert (again.path / "demo-runs").read_text() == "run run "
        assert again.home.first_start_marker.exists()


def test_the_gateway_opens_after_everything_else(stack: Stack) -> None:
    assert (stack.path / "gateway-during-demo").read_text() == "closed"


@pytest.mark.parametrize("moment", ["Starting", "Preparing", "Loading"])
def test_ctrl_c_in_the_middle_of_a_start_leaves_nothing(
    found: dict[str, str], tmp_path: Path, moment: str
) -> None:
    stack = Stack(tmp_path / "home", free_ports(1)[0], environment=found)
    stack.launch()
    wait_for(f"{moment} …", lambda: moment in stack.output(), SECONDS)

    for _impatient in range(3):
        stack.process.send_signal(signal.SIGINT)

    wait_for("iamis up has ended", lambda: stack.process.poll() is not None, SECONDS)
    assert stack.process.returncode == 0
    assert gone(stack)
