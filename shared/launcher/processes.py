"""The processes of the services: their command lines, what they are told, whether they answer."""

import http.client
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shared.launcher.child import Child
from shared.launcher.home import Home
from shared.launcher.instance import worker_of
from shared.launcher.ports import LOOPBACK

CLI = "shared.cli"
EVENTED_CLI = "shared.serving.evented"
# The one that people reach: its port opens last.
GATEWAY = "gateway"
ANSWER_SECONDS = 2.0
# Only the gateway calls services: what it says of the client's address counts.
BEHIND = {"IAMIS_BIND": LOOPBACK, "IAMIS_TRUSTED_PROXIES": LOOPBACK}


@dataclass(frozen=True)
class Processes:
    """Each runs a command of this program; `ports` are by the names that an instance has.

    `bind` is the address of the gateway.
    """

    home: Home
    ports: Mapping[str, int]
    bind: str
    environment: Mapping[str, str] = field(repr=False)

    def once(self, name: str, *arguments: str, more: Mapping[str, str] | None = None) -> Child:
        """A child that runs a command; `more` is added to its environment."""
        return self._child(name, CLI, arguments, more or {})

    def server(self, name: str, gate: Path) -> Child:
        """The child that serves `name` as soon as the file `gate` is there."""
        return self._child(name, CLI, self._arguments("serve", name, name, gate), BEHIND)

    def worker(self, name: str, gate: Path) -> Child:
        """The child that works on the events of `name`, where that is apart from serving it."""
        worker = worker_of(name)
        return self._child(worker, CLI, self._arguments("worker", name, worker, gate), BEHIND)

    def gateway(self, gate: Path) -> Child:
        """The child that people reach, evented from its first import."""
        told = {"IAMIS_BIND": self.bind}
        if self.bind == LOOPBACK and "IAMIS_COOKIE_SECURE" not in self.environment:
            # Nobody comes to this machine over HTTPS.
            told["IAMIS_COOKIE_SECURE"] = "false"
        arguments = self._arguments("serve", GATEWAY, GATEWAY, gate)
        return self._child(GATEWAY, EVENTED_CLI, arguments, told)

    def answers(self, name: str) -> bool:
        """Whether the process of that name is ready."""
        connection = http.client.HTTPConnection(LOOPBACK, self.ports[name], timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _arguments(self, command: str, service: str, name: str, gate: Path) -> tuple[str, ...]:
        return (command, service, "--port", str(self.ports[name]), "--after", str(gate))

    def _child(
        self, name: str, module: str, arguments: tuple[str, ...], more: Mapping[str, str]
    ) -> Child:
        command = [sys.executable, "-m", module, *arguments]
        return Child(name, command, {**self.environment, **more}, self.home.log_file(name))
