"""Workers beside those of the launcher."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit

from shared.launcher.child import die_with
from shared.launcher.instance import worker_of
from shared.launcher.ports import free_ports
from shared.settings import inherited
from tests.support.effects import unhandled
from tests.support.faults import kept_dead, unpublished
from tests.support.probes import answers
from tests.support.proxy import proxy_to
from tests.support.stack import ROOT, Stack
from tests.support.waiting import wait_for

SECONDS = 90


@contextmanager
def another_worker(stack: Stack, service: str, **given: str) -> Iterator[None]:
    """Beside the launcher's, as an operator starts one, with these variables."""
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "shared.cli", "--home", str(stack.path)]
    command += ["worker", service, "--port", str(port)]
    log = stack.path / "log" / f"{service}-worker-2.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**inherited(), **stack.environment, **given},
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509
        )
    try:
        wait_for("the other worker works", lambda: answers(port), SECONDS)
        yield
        process.terminate()
        assert process.wait(SECONDS) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


@contextmanager
def cut_off(stack: Stack, service: str) -> Iterator[None]:
    """The one worker of the service that there is, its lines to the broker cut and not closed.

    At the end it has connected anew by itself, and there is nothing left to do.
    """
    url = stack.home.secret("amqp-url")
    port = urlsplit(url).port
    assert port
    with proxy_to(port) as proxy:
        through = url.replace(f":{port}/", f":{proxy.port}/")
        with (
            kept_dead(stack, worker_of(service)),
            another_worker(stack, service, IAMIS_AMQP_URL=through),
        ):
            wait_for("it tells", lambda: not unpublished(stack, service), SECONDS)
            wait_for("its lines are cut", proxy.cut, SECONDS)
            yield
            wait_for("it has told all", lambda: not unpublished(stack, service), SECONDS)
            wait_for("and handled all", lambda: service not in unhandled(stack), SECONDS)
