"""The system that is measured, and the baseline beside it, both on the same PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial

import urllib3
from sqlalchemy.engine import make_url

from shared.launcher.child import die_with
from shared.launcher.ports import free_ports
from shared.settings import inherited
from tests.bench.board import Board
from tests.support.api import Api
from tests.support.newcomers import newcomers
from tests.support.papers import make_papers
from tests.support.stack import ROOT, Stack
from tests.support.waiting import wait_for

START_SECONDS = 60
OWNER_URL = "database-owner-url-marks"


@dataclass(frozen=True)
class Scale:
    """How many centres a whole board has, and how many seconds deadline day lasts."""

    centres: int = 2_000
    seconds: float = 300.0


@dataclass(frozen=True)
class System:
    """`teacher` and `board` are signed in; `bare_url` is where the baseline answers."""

    stack: Stack
    bare_url: str
    bare_pid: int
    board: Api
    teacher: Api
    centre_no: str
    scale: Scale

    @cached_property
    def centres(self) -> Board:
        """The centres of a whole board, as far as they were asked for."""
        return Board(self.stack, self.board)

    def authorization(self) -> dict[str, str]:
        self.teacher.renew()
        return {"Authorization": f"Bearer {self.teacher.token}"}

    def papers(self, count: int, candidates: int, prefix: str) -> list[str]:
        """The ids of new papers with so many candidates each."""
        self.board.renew()
        return make_papers(self.board, self.centre_no, count, candidates, prefix)

    def sheet_path(self, paper_id: str) -> str:
        return f"/api/marks/centres/{self.centre_no}/papers/{paper_id}"


def database_port(system: System) -> int:
    port = make_url(system.stack.home.secret(OWNER_URL)).port
    assert port
    return port


@contextmanager
def measured_system(stack: Stack, scale: Scale) -> Iterator[System]:
    accounts = stack.accounts
    centre_no = next(one["centre_no"] for one in accounts if one["role"] == "admin")
    board = Api.signed_in(stack.base_url, next(one for one in accounts if one["role"] == "board"))
    (teacher,) = newcomers(stack, 1, centre_no=centre_no)
    with _bare(stack) as (bare_url, bare_pid):
        signed_in = Api.signed_in(stack.base_url, teacher)
        yield System(stack, bare_url, bare_pid, board, signed_in, centre_no, scale)


@contextmanager
def _bare(stack: Stack) -> Iterator[tuple[str, int]]:
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "tests.bench.bare"]
    command += [stack.home.secret(OWNER_URL), str(port)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=inherited(),
        stderr=subprocess.DEVNULL,
        preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509
    ) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for("the baseline answers", lambda: _answers(url), START_SECONDS)
            yield url, process.pid
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    with suppress(urllib3.exceptions.HTTPError):
        return urllib3.request("GET", url, retries=False, timeout=1).status > 0
    return False
