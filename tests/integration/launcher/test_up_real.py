"""`iamis up --stack real` as people use it, with three small services in place of the real ones."""

import os
import signal
from collections.abc import Iterator

import pytest

from shared.launcher.instance import Instance
from shared.launcher.ports import free_ports
from tests.support import dummies
from tests.support.postgres import passable_folder
from tests.support.probes import answer, answers
from tests.support.processes import processes_of_home
from tests.support.stack import REAL, Stack, fresh_stack, running_stack
from tests.support.waiting import wait_for

SECONDS = 90
SERVERS = {"postgres", "epmd", "rabbitmq", "store"}
SERVICES = {"first", "first-worker", "second", "second-worker", "gateway", "gateway-worker"}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which the small services are found."""
    return dummies.install(tmp_path_factory.mktemp("dummies"))


@pytest.fixture(scope="module")
def stack(found: dict[str, str]) -> Iterator[Stack]:
    """One system for the tests that leave it running."""
    with fresh_stack(REAL, found) as stack:
        yield stack


def nothing_runs(stack: Stack) -> bool:
    return not stack.processes() and not processes_of_home(stack.path)


def ports_answer(stack: Stack) -> bool:
    ports = stack.instance.ports
    return all(answers(port) for name, port in ports.items() if name != "store")


def test_everything_runs_and_answers(stack: Stack) -> None:
    assert set(stack.instance.pids) == SERVERS | SERVICES
    assert ports_answer(stack)
    assert answer(stack.port, "/who")["name"] == "gateway"
    assert stack.accounts[0]["email"] in stack.output()


def test_serving_and_working_are_processes_apart(stack: Stack) -> None:
    commands = stack.processes()
    for name in ("first", "second"):
        assert f"serve {name}" in commands[stack.service_pid(name)]
    # The gateway is told of events as well: nobody else feeds those who listen.
    for name in ("first", "second", "gateway"):
        assert f"worker {name}" in commands[stack.service_pid(f"{name}-worker")]


def test_secrets_are_on_no_command_line_and_in_no_log(stack: Stack) -> None:
    shown = "\n".join(stack.processes().values()) + stack.output()
    shown += "".join(log.read_text(errors="replace") for log in (stack.path / "log").iterdir())

    for secret in (stack.path / "secrets").iterdir():
        assert secret.read_text() not in shown


@pytest.mark.parametrize("name", ["first", "first-worker", "postgres", "rabbitmq", "epmd", "store"])
def test_what_is_killed_is_started_again(stack: Stack, name: str) -> None:
    before = stack.service_pid(name)
    os.kill(before, signal.SIGKILL)

    wait_for(f"{name} runs again", lambda: stack.instance.pids.get(name, before) != before, SECONDS)
    wait_for("all of it answers", lambda: ports_answer(stack), SECONDS)
    assert f"{name} ended with status -9" in stack.output()


@pytest.mark.long
def test_a_home_of_one_stack_is_not_started_as_the_other(
    stack: Stack, found: dict[str, str]
) -> None:
    with passable_folder() as folder:
        with running_stack(folder / "home", demo=False, environment=found):
            pass
        other = Stack(folder / "home", stack.port, environment=found, kind=REAL)
        other.launch()
        wait_for("it has ended", lambda: other.process.poll() is not None, SECONDS)
        assert other.process.returncode == 1
        assert "stack embedded" in other.output()


@pytest.mark.long
def test_ctrl_c_and_a_killed_launcher_leave_nothing_and_the_next_start_continues(
    found: dict[str, str],
) -> None:
    with fresh_stack(REAL, found) as stack:
        keys = {file.name: file.read_text() for file in (stack.path / "secrets").iterdir()}
        log = stack.home.log_file("first-worker")

        assert stack.stop(signal.SIGINT) == 0
        wait_for("nothing is left", lambda: nothing_runs(stack), SECONDS)
        assert "Traceback" not in log.read_text()
        assert not stack.home.instance_file.exists()

        stack.start()
        # Those with addresses as well: tools were given them.
        for name, key in keys.items():
            assert stack.home.secret(name) == key
        assert (stack.path / "demo-runs").read_text() == "run "
        os.kill(stack.process.pid, signal.SIGKILL)
        stack.process.wait()
        wait_for("nothing is left", lambda: nothing_runs(stack), SECONDS)

        stack.start()
        assert ports_answer(stack)


@pytest.mark.long
@pytest.mark.parametrize("moment", ["Starting", "Preparing"])
def test_ctrl_c_in_the_middle_of_a_start_leaves_nothing(found: dict[str, str], moment: str) -> None:
    with passable_folder() as folder:
        stack = Stack(folder / "home", free_ports(1)[0], environment=found, kind=REAL)
        stack.launch()
        wait_for(f"{moment} …", lambda: moment in stack.output(), SECONDS)

        stack.process.send_signal(signal.SIGINT)

        wait_for("iamis up has ended", lambda: stack.process.poll() is not None, SECONDS)
        assert stack.process.returncode == 0
        wait_for("nothing is left", lambda: nothing_runs(stack), SECONDS)
        assert Instance.read(stack.home) is None
