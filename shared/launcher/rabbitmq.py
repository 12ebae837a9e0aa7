"""RabbitMQ from the system's package as a private broker, with its name server beside it.

Settings that are not obvious:
- the program is that of RabbitMQ's own `bin` folder: the one on the path becomes another user.
- `RUNNING_UNDER_SYSTEMD` makes its script become the broker, so that signals reach it and it
  cannot outlive the launcher.
- epmd, which tells Erlang programs of one machine where the others are, is our child, on a port
  of this home: an Erlang program that finds none starts one that nobody ends.
- the users are read from a file at every start, so what is in the home's secrets holds.
- no crash dumps: they hold messages, and messages may hold names.
"""

import base64
import hashlib
import json
import secrets
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.i18n import gettext as _
from shared.launcher.child import Child
from shared.launcher.errors import LauncherError
from shared.launcher.files import write_whole
from shared.launcher.home import Home
from shared.launcher.ports import LOOPBACK

NAME = "rabbitmq"
NAMES = "epmd"
NODE = "iamis@localhost"
PACKAGE = "rabbitmq-server"
PROGRAMS = Path("/usr/lib/rabbitmq/bin")
EPMD = Path("/usr/bin/epmd")
PORTS_NEEDED = 4
USER = "iamis"
OPERATOR = "iamis-operator"
# The services' user publishes and consumes what is ours; it declares and administers nothing.
OURS = r"^(iamis\..*|amq\.default)$"
NOTHING = "^$"
ALL = ".*"
ANSWER_SECONDS = 1.0
END_SECONDS = 5.0
# It waits five seconds for its own statistics.
GRACE_SECONDS = 30.0
AMQP_HEADER = b"AMQP\x00\x00\x09\x01"
# Quorum queues write here first; the default of 512 MiB is for a machine of its own.
LOG_BYTES = 2**26


@dataclass(frozen=True)
class RabbitMQ:
    """The broker of a home. `ports` are those of AMQP, management, its node and epmd, in turn.

    Start `names()` and wait for `names_answer()`, then start `broker()` and wait for `answers()`;
    when both were stopped in reverse order, `end()` makes sure of it.
    """

    home: Home
    ports: Sequence[int]

    @property
    def folder(self) -> Path:
        return self.home.path / NAME

    @property
    def url_file(self) -> Path:
        """Where the services find their AMQP URL; written by `broker()`."""
        return self.home.secret_file("amqp-url")

    @property
    def management_url_file(self) -> Path:
        """Where operators' commands find the management API; written by `broker()`."""
        return self.home.secret_file("amqp-management-url")

    @property
    def url(self) -> str:
        return f"amqp://{USER}:{self.home.secret('amqp-password')}@{LOOPBACK}:{self.ports[0]}/%2F"

    @property
    def management_url(self) -> str:
        password = self.home.secret("amqp-operator-password")
        return f"http://{OPERATOR}:{password}@{LOOPBACK}:{self.ports[1]}"

    def names(self, environment: Mapping[str, str]) -> Child:
        """What runs epmd, on loopback only."""
        command = [str(EPMD), "-port", str(self.ports[3]), "-address", LOOPBACK]
        return Child(NAMES, command, self.environment(environment), self.home.log_file(NAMES))

    def broker(self, environment: Mapping[str, str]) -> Child:
        """What runs the broker, its configuration written."""
        self._write_configuration()
        return Child(
            NAME,
            [str(PROGRAMS / "rabbitmq-server")],
            self.environment(environment),
            self.home.log_file(NAME),
            folder=self.folder,
            grace_seconds=GRACE_SECONDS,
        )

    def names_answer(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.ports[3]), ANSWER_SECONDS):
                return True
        except OSError:
            return False

    def answers(self) -> bool:
        """Whether it greets a client; its management API answers before that."""
        try:
            with socket.create_connection((LOOPBACK, self.ports[0]), ANSWER_SECONDS) as client:
                client.sendall(AMQP_HEADER)
                return bool(client.recv(1))
        except OSError:
            return False

    def end(self) -> None:
        """End an epmd that the broker started itself, having missed ours."""
        if self.names_answer():
            command = [str(EPMD), "-port", str(self.ports[3]), "-kill"]
            subprocess.run(command, check=False, capture_output=True, timeout=END_SECONDS)

    def control(self, *arguments: str) -> list[str]:
        """The command line of `rabbitmqctl`, to be run in `environment()`."""
        return [str(PROGRAMS / "rabbitmqctl"), *arguments]

    def environment(self, inherited: Mapping[str, str]) -> dict[str, str]:
        """What its programs are told; of `inherited` only where programs are."""
        return {
            "PATH": inherited["PATH"],
            "LANG": "C.UTF-8",
            # Where the cookie is, by which Erlang programs know each other.
            "HOME": str(self.folder),
            "ERL_CRASH_DUMP_SECONDS": "0",
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_EPMD_PORT": str(self.ports[3]),
            "RUNNING_UNDER_SYSTEMD": "true",
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_DIST_PORT": str(self.ports[2]),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            # Other programs of this machine need the processors as well.
            "RABBITMQ_SCHEDULER_BIND_TYPE": "u",
            "RABBITMQ_BASE": str(self.folder),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
        }

    def _write_configuration(self) -> None:
        for folder in (self.folder, self.folder / "log", self.folder / "mnesia"):
            folder.mkdir(exist_ok=True, mode=0o700)
        write_whole(self.folder / ".erlang.cookie", self.home.secret("erlang-cookie"))
        write_whole(self.folder / "enabled_plugins", "[rabbitmq_management].\n")
        write_whole(self.folder / "definitions.json", json.dumps(self._definitions()))
        write_whole(self.folder / "rabbitmq.conf", self._configuration())
        write_whole(self.url_file, self.url)
        write_whole(self.management_url_file, self.management_url)

    def _configuration(self) -> str:
        lines = {
            "listeners.tcp.1": f"{LOOPBACK}:{self.ports[0]}",
            "management.tcp.ip": LOOPBACK,
            "management.tcp.port": str(self.ports[1]),
            "load_definitions": str(self.folder / "definitions.json"),
            "log.console": "true",
            "log.file": "false",
            "raft.wal_max_size_bytes": str(LOG_BYTES),
        }
        return "".join(f"{name} = {value}\n" for name, value in lines.items())

    def _definitions(self) -> dict[str, object]:
        """The users; with these given, RabbitMQ makes no guest."""
        return {
            "vhosts": [{"name": "/"}],
            "users": [
                {"name": USER, "tags": [], **_hashed(self.home.secret("amqp-password"))},
                {
                    "name": OPERATOR,
                    "tags": ["administrator"],
                    **_hashed(self.home.secret("amqp-operator-password")),
                },
            ],
            "permissions": [
                _may(USER, declare=NOTHING, use=OURS),
                _may(OPERATOR, declare=ALL, use=ALL),
            ],
        }


def _may(user: str, declare: str, use: str) -> dict[str, str]:
    return {"user": user, "vhost": "/", "configure": declare, "write": use, "read": use}


def _hashed(password: str) -> dict[str, str]:
    """The password as RabbitMQ keeps it."""
    salt = secrets.token_bytes(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
    }


def require_programs() -> None:
    """Raise `LauncherError` where RabbitMQ is not installed."""
    if not (EPMD.exists() and (PROGRAMS / "rabbitmq-server").exists()):
        raise LauncherError(_("The package %(name)s is not installed.", name=PACKAGE))
