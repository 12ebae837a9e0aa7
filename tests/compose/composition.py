"""`docker-compose.yml` at work: brought up from a copy of the tree, with secrets of its own."""

import json
import re
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.compose.engine import Engine
from tests.compose.programs import run, succeeds
from tests.guards.tree import ROOT
from tests.support.waiting import wait_for

TREE = ("shared", "services", "deploy")
FILES = ("docker-compose.yml", ".dockerignore", "pyproject.toml", "uv.lock")
HEALTHY_SECONDS = 300
LOOK_SECONDS = 1.0
METRICS = "http://127.0.0.1:8000/metrics"


@dataclass(frozen=True)
class Composition:
    """One project: `folder` is its copy of the tree, `port` the gateway's on this machine."""

    engine: Engine
    folder: Path
    port: int
    project: str = "iamistest"

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings_file(self) -> Path:
        return self.folder / ".env"

    @property
    def secrets(self) -> list[Path]:
        return list((self.folder / "deploy" / "secrets").iterdir())

    @cached_property
    def accounts(self) -> list[dict[str, Any]]:
        """What `demo-accounts.json` holds, read as the README tells."""
        command = ("run", "--rm", "--no-deps", "-T", "--entrypoint", "cat", "operator")
        read: list[dict[str, Any]] = json.loads(self.compose(*command, "demo-accounts.json"))
        return read

    def prepare(self, variables: Mapping[str, str]) -> None:
        """Copy the tree, make the secrets, write down the images, and build ours."""
        ignored = shutil.ignore_patterns("__pycache__", "secrets")
        for name in TREE:
            shutil.copytree(ROOT / name, self.folder / name, ignore=ignored)
        for name in FILES:
            shutil.copy(ROOT / name, self.folder)
        lines = [f"{name}={value}\n" for name, value in variables.items()]
        self.settings_file.write_text("".join(lines), encoding="utf-8")
        run([self.folder / "deploy" / "make-secrets"])
        self.compose("build")

    def compose(self, *arguments: str) -> str:
        return run([*self._command(), *arguments], self.folder, self.engine.environment)

    def up(self, *arguments: str) -> None:
        """Bring up what is asked for, and wait until every container is healthy."""
        self.compose("up", "--detach", "--no-build", *arguments)
        wait_for("every container is healthy", self.is_healthy, HEALTHY_SECONDS)

    def is_healthy(self) -> bool:
        """Whether all that run say they are; asked now and then, for the engine has much to do."""
        time.sleep(LOOK_SECONDS)
        format_ = ("--format", "{{.Status}}")
        states = self.engine.docker("ps", *self._filters(), *format_).splitlines()
        return bool(states) and all("(healthy)" in state for state in states)

    def containers(self, service: str = "") -> list[str]:
        """The ids of the containers, also of those that have ended."""
        return self.engine.docker("ps", "--all", "--quiet", *self._filters(service)).split()

    def _filters(self, service: str = "") -> list[str]:
        labels = [f"project={self.project}", *([f"service={service}"] if service else [])]
        return [f"--filter=label=com.docker.compose.{label}" for label in labels]

    def inspected(self, service: str = "") -> list[dict[str, Any]]:
        """What the engine says of each container."""
        read: list[dict[str, Any]] = json.loads(
            self.engine.docker("inspect", *self.containers(service))
        )
        return read

    def running(self, service: str = "") -> list[dict[str, Any]]:
        return [one for one in self.inspected(service) if one["State"]["Running"]]

    def services(self) -> list[str]:
        """The service of every container that runs."""
        label = "com.docker.compose.service"
        return [str(one["Config"]["Labels"][label]) for one in self.running()]

    def requests_answered(self, service: str) -> dict[str, int]:
        """How many requests about centres each copy has answered, by its id."""
        return {one["Id"]: self._requests(one["Id"]) for one in self.running(service)}

    def _requests(self, container: str) -> int:
        program = f"import urllib.request as u; print(u.urlopen({METRICS!r}).read().decode())"
        told = self.engine.docker("exec", container, "python", "-c", program)
        counted = re.findall(
            r"^iamis_http_requests_total\{.*/centres/.*\} (.+)$", told, re.MULTILINE
        )
        return round(sum(map(float, counted)))

    def asked(self, service: str, url: str) -> Any:
        """The JSON at an address, as a container sees it."""
        return json.loads(self.compose("exec", "-T", service, "wget", "-q", "-O", "-", url))

    def operator(self, *command: str) -> str:
        """What an operator's command prints, run as the document tells."""
        return self.compose("run", "--rm", "-T", "--no-deps", "operator", *command)

    def published(self, service: str, port: int) -> str:
        """Where the port of a container is reached from here."""
        return f"http://{self.compose('port', service, str(port)).strip()}"

    def kill_one(self, service: str) -> None:
        """Kill a copy of the service as a machine that fails would; it does not come back."""
        self.engine.docker("kill", self.running(service)[0]["Id"])

    def down(self) -> None:
        """Remove containers, networks, volumes and the image that was built."""
        self.compose("--profile", "operator", "--profile", "monitoring", "down", "--volumes")

    def _command(self) -> list[str | Path]:
        """Compose as the plugin of `docker` where there is one, else as a program of its own."""
        plugin = succeeds(["docker", "compose", "version"], {}, seconds=10)
        program = ["docker", "compose"] if plugin else ["docker-compose"]
        return [*program, "--env-file", self.settings_file, "--project-name", self.project]
