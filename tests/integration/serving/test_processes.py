"""Serving and working as processes of their own, each started as the launcher starts it."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from shared.engine import make_engine
from shared.launcher.child import die_with
from shared.launcher.ports import free_ports
from shared.migrate import PLATFORM, upgrade
from shared.settings import inherited
from tests.support import dummies
from tests.support.stack import ROOT
from tests.support.waiting import wait_for

SECONDS = 60
NOTHING: Mapping[str, str] = {}
PROCESSES = 2
HELD = 4
STALLED_SOON = """
from shared.serving import working
from shared.cli import run
working.STALLED_SECONDS = 2.0
run()
"""


class Process:
    """A process of the service `first` on the real stack, with a database and without a broker."""

    program = ("-m", "shared.cli")

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port = free_ports(1)[0]
        self.log = folder / "process.log"
        self._command = [*arguments, "--port", str(self.port)]
        self._environment = {
            **inherited(),
            **dummies.install(folder / "dummies"),
            "IAMIS_HOME": str(folder),
            "IAMIS_STACK": "real",
            "IAMIS_DATABASE_URL_FIRST": f"sqlite:///{folder / 'first.sqlite'}",
            "IAMIS_AMQP_URL": f"amqp://nobody:nothing@127.0.0.1:{free_ports(1)[0]}/",
        }

    def run(self, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *self.program, *self._command],
                cwd=ROOT,
                env=self._environment | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509
            )

    def get(self, path: str, port: int = 0) -> str:
        return self.ask(path, port)[1]

    def ask(self, path: str, port: int = 0) -> tuple[int, str]:
        """The status and the body; at its own port unless another is named."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.get("/livez") != ""
        except OSError:
            return False

    def refuses(self) -> bool:
        """Whether nobody takes a connection; one that is taken is to be answered."""
        try:
            assert self.get("/livez")
        except ConnectionRefusedError:
            return True
        except ConnectionResetError:
            # It knocked as the door was shut, and was not taken.
            return False
        return False

    def who(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.get("/who"))
        return told

    def counted(self) -> float:
        """How many requests to `/who` its metrics tell of."""
        return self.told(r'iamis_http_requests_total\{.*route="/who".*\}')

    def connections(self) -> float:
        """How many connections to the database its processes may hold together."""
        return self.told(r'iamis_database_connections_limit\{service="first"\}')

    def told(self, series: str) -> float:
        """The sum of what its metrics have of such series."""
        line = rf"^{series} (\S+)$"
        return sum(float(number) for number in re.findall(line, self.get("/metrics"), re.MULTILINE))


@contextmanager
def running(
    folder: Path, arguments: Sequence[str], environment: Mapping[str, str] = NOTHING
) -> Iterator[Process]:
    """It answers; at its end SIGTERM ends it in order."""
    process = Process(folder, *arguments)
    child = process.run({**environment})
    try:
        wait_for("it answers", process.answers, SECONDS)
        yield process
        child.terminate()
        wait_for("it has ended", lambda: child.poll() is not None, SECONDS)
        assert child.returncode == 0, process.log.read_text()
    finally:
        child.kill()
        child.wait()


def asked_of_all(process: Process, count: int = PROCESSES) -> set[int]:
    """Ask until every process has answered; their ids."""
    seen: set[int] = set()

    def all_seen() -> bool:
        seen.add(process.who()["pid"])
        return len(seen) >= count

    wait_for("all have answered", all_seen, SECONDS)
    return seen


def test_several_processes_serve_and_count_together(tmp_path: Path) -> None:
    earlier = tmp_path / "run" / "metrics" / "first" / "counter_1.db"
    earlier.parent.mkdir(parents=True)
    earlier.touch()
    with running(tmp_path, ["serve", "first", "--workers", str(PROCESSES)]) as process:
        first, _second = asked_of_all(process)
        assert process.who()["niceness"] == min(os.nice(0) + 3, 19), "it does not stand back"
        counted = process.counted()
        assert counted >= PROCESSES
        assert process.counted() == counted
        connections = process.connections()
        assert connections > 0
        assert not earlier.exists()

        os.kill(first, signal.SIGKILL)
        wait_for("it is replaced", lambda: first not in asked_of_all(process), SECONDS)
        # What a dead one has counted is not taken back, and what it held is nobody's any more.
        assert process.counted() > counted
        assert process.connections() == connections


@pytest.mark.parametrize("workers", [1, PROCESSES])
def test_the_one_that_people_reach_tells_its_metrics_apart(tmp_path: Path, workers: int) -> None:
    apart = free_ports(1)[0]
    told = {
        "IAMIS_METRICS_PORT": str(apart),
        "IAMIS_DATABASE_URL_GATEWAY": f"sqlite:///{tmp_path / 'gateway.sqlite'}",
    }
    with running(tmp_path, ["serve", "gateway", "--workers", str(workers)], told) as process:
        asked_of_all(process, workers)
        assert process.ask("/metrics")[0] == HTTPStatus.NOT_FOUND
        assert process.ask("/who", apart)[0] == HTTPStatus.NOT_FOUND
        status, metrics = process.ask("/metrics", apart)
        assert status == HTTPStatus.OK
        assert 'iamis_http_requests_total{method="GET",route="/who",service="gateway"' in metrics


def test_clients_that_do_not_hang_up_hold_up_nobody(tmp_path: Path) -> None:
    last = b"GET /livez HTTP/1.1\r\nHost: first\r\nConnection: close\r\n\r\n"
    with running(tmp_path, ["serve", "first"]) as process, ExitStack() as held:
        for _client in range(HELD):
            address = ("127.0.0.1", process.port)
            held.enter_context(socket.create_connection(address, SECONDS)).sendall(last)
        # Each of them is waited for two seconds: together longer than this waits for an answer.
        assert process.answers()


def test_who_serves_on_the_real_stack_has_no_relay_and_no_consumer(tmp_path: Path) -> None:
    with running(tmp_path, ["serve", "first"]) as process:
        asked_of_all(process, 1)
    # Its database has no tables: a relay would have failed with its first look.
    assert "relay" not in process.log.read_text()


def test_a_relay_by_itself_fails_and_goes_on(tmp_path: Path) -> None:
    with running(tmp_path, ["worker", "first", "--role", "relay"]) as process:
        wait_for("it has looked", lambda: "relay round failed" in process.log.read_text(), SECONDS)
        assert process.answers()


@pytest.mark.parametrize("role", ["relay", "consumer", "all"])
def test_a_worker_answers_probes_and_ends_at_once(tmp_path: Path, role: str) -> None:
    with running(tmp_path, ["worker", "first", "--role", role]) as process:
        assert process.ask("/readyz")[0] == HTTPStatus.SERVICE_UNAVAILABLE
        upgrade(make_engine(f"sqlite:///{tmp_path / 'first.sqlite'}"), PLATFORM)
        assert json.loads(process.get("/readyz")) == {"status": "ok"}
        assert "python_info" in process.get("/metrics")


def test_a_worker_that_does_not_get_on_for_long_ends_to_be_started_anew(tmp_path: Path) -> None:
    process = Process(tmp_path, "worker", "first")
    process.program = ("-c", STALLED_SOON)
    child = process.run({})
    try:
        assert child.wait(SECONDS) == 1
        assert "Events are not being worked on." in process.log.read_text()
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize("workers", [1, PROCESSES])
def test_told_to_end_it_finishes_what_it_has_and_refuses_the_rest(
    tmp_path: Path, workers: int
) -> None:
    """Whoever comes late is to go to another copy, and not to wait for a door to be shut."""
    process = Process(tmp_path, "serve", "first", "--workers", str(workers))
    child = process.run({})
    try:
        wait_for("it answers", process.answers, SECONDS)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(process.get, "/slow")
            wait_for("it is being asked", (tmp_path / "slow").exists, SECONDS)
            child.terminate()
            wait_for("others are refused", process.refuses, SECONDS)
            assert not answer.done()
            (tmp_path / "enough").touch()
            assert json.loads(answer.result(SECONDS)) == {"name": "first"}
        assert child.wait(SECONDS) == 0, process.log.read_text()
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize("arguments", [["worker", "first"], ["serve", "first", "--workers", "2"]])
def test_the_embedded_stack_has_one_process_for_each_service(
    tmp_path: Path, arguments: list[str]
) -> None:
    process = Process(tmp_path, *arguments)
    child = process.run({"IAMIS_STACK": "embedded"})

    assert child.wait(SECONDS) == 1
    assert "embedded stack" in process.log.read_text()
