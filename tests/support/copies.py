"""Second copies of the services, and gateways that find both: as where they are many.

A gateway asks all addresses of a name: it runs with a hosts file of its own, which knows some.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from shared.launcher.child import die_with
from shared.launcher.environment import environment, merged
from shared.launcher.ports import LOOPBACK, free_ports
from shared.launcher.processes import BEHIND
from shared.settings import inherited
from tests.support.api import Api
from tests.support.faults import SERVICES
from tests.support.probes import answers
from tests.support.stack import ROOT, Stack
from tests.support.waiting import wait_for

SECOND = "127.0.0.2"
UNSHARE = "/usr/bin/unshare"
WITH_HOSTS = [UNSHARE, "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"']
SECONDS = 90
# A balancer is told before a gateway ends.
TOLD_SECONDS = 1.0


def can_run() -> bool:
    """Whether a process may have a hosts file of its own here."""
    tried = subprocess.run([UNSHARE, "--mount", "true"], check=False, capture_output=True)
    return tried.returncode == 0


@dataclass
class Copies:
    """The second copy of each service, and two gateways; the first copies are the launcher's."""

    stack: Stack
    folder: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    gateways: Sequence[int] = field(default_factory=lambda: free_ports(2))

    @property
    def told(self) -> dict[str, str]:
        ports = self.stack.instance.ports
        return merged(inherited(), environment(self.stack.home, ports)) | BEHIND

    def start(self, name: str) -> None:
        """The second copy of a service, at the port of the first."""
        self._run(name, self.told | {"IAMIS_BIND": SECOND}, self.stack.instance.ports[name])
        self.wait_for_both(name)

    def start_gateway(self, port: int) -> None:
        hosts = self.folder / "hosts"
        addresses = (LOOPBACK, SECOND)
        lines = [f"{address} {name}.copies\n" for name in SERVICES for address in addresses]
        hosts.write_text(f"{LOOPBACK} localhost\n{''.join(lines)}", encoding="utf-8")
        urls = {
            f"IAMIS_URL_{name.upper()}": f"http://{name}.copies:{self.stack.instance.ports[name]}"
            for name in SERVICES
        }
        self._run("gateway", self.told | urls, port, [*WITH_HOSTS, str(hosts)])
        wait_for("the gateway answers", lambda: answers(port), SECONDS)

    def wait_for_both(self, name: str) -> None:
        port = self.stack.instance.ports[name]
        for address in LOOPBACK, SECOND:
            wait_for(f"{name} at {address}", partial(answers, port, address), SECONDS)

    def end(self, key: str) -> None:
        """Tell it to end, as a new release would have it, and wait until it has."""
        process = self.running.pop(key)
        process.terminate()
        assert process.wait(SECONDS) == 0, key

    def end_first(self, name: str) -> None:
        """The launcher starts its copy anew."""
        before = self.stack.service_pid(name)
        os.kill(before, signal.SIGTERM)

        def is_another() -> bool:
            return self.stack.instance.pids.get(name, before) != before

        wait_for(f"{name} is another", is_another, SECONDS)

    def _run(
        self, name: str, told: Mapping[str, str], port: int, before: Sequence[str] = ()
    ) -> None:
        command = [*before, sys.executable, "-m", "shared.cli", "serve", name, "--port", str(port)]
        with (self.folder / f"{name}-{port}.log").open("ab") as log:
            self.running[f"{name} {port}"] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=told,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509
            )


@contextmanager
def copies_of(stack: Stack, folder: Path) -> Iterator[Copies]:
    copies = Copies(stack, folder)
    try:
        for name in SERVICES:
            copies.start(name)
        for port in copies.gateways:
            copies.start_gateway(port)
        yield copies
    finally:
        for process in copies.running.values():
            process.kill()
            process.wait()


def send_to(clients: Sequence[Api], port: int) -> None:
    """What a balancer does: from now on all of them come by that gateway."""
    for client in clients:
        client.base_url = f"http://{LOOPBACK}:{port}"
