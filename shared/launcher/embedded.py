"""The embedded stack, from nothing to ready and back to nothing."""

import http.client
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from shared.i18n import gettext as _
from shared.launcher import accounts, demo, ports
from shared.launcher.child import Child
from shared.launcher.environment import environment, merged
from shared.launcher.errors import InterruptedStartError, LauncherError
from shared.launcher.files import write_whole
from shared.launcher.home import Home
from shared.launcher.instance import Instance
from shared.launcher.signals import Signals
from shared.launcher.store import NAME as STORE
from shared.launcher.store import PORTS_NEEDED, Store
from shared.launcher.supervisor import Supervisor
from shared.settings import Settings, inherited

CLI = "shared.cli"
EVENTED_CLI = "shared.serving.evented"
# The one that people reach: its port opens last.
GATEWAY = "gateway"
# It writes the first public keys, which the others take when they are prepared.
FIRST = "identity"
ANSWER_SECONDS = 2.0
STORE_SECONDS = 60.0
READY_SECONDS = 120.0

Say = Callable[[str], None]


@dataclass
class EmbeddedStack:
    """Every service on its own free port, and the gateway on the one that was asked for."""

    settings: Settings
    services: Sequence[str]
    with_demo: bool
    say: Say
    state: str = "starting"
    ports: dict[str, int] = field(default_factory=dict)
    behind: Sequence[str] = ()

    def __post_init__(self) -> None:
        self.home = Home(self.settings.home)
        self.prepared = self.home.path / "run" / "prepared"
        self.opened = self.home.path / "run" / "opened"
        self.base_url = f"http://{ports.LOOPBACK}:{self.settings.port}"

    def run(self) -> None:
        """Start everything, keep it running, and stop it all when a signal or a failure comes."""
        self.home.create()
        with self.home.locked(), Signals() as signals:
            self.supervisor = Supervisor(signals, self.say, self.write_instance)
            try:
                self.start()
                self.supervisor.watch()
            except InterruptedStartError:
                self.say(_("Stopping."))
            finally:
                self.stop()

    def start(self) -> None:
        began = time.monotonic()
        self.plan()
        self.start_children()
        self.prepare()
        self.load_demo()
        self.open_gateway()
        self.state = "ready"
        self.write_instance()
        self.greet(time.monotonic() - began)

    def plan(self) -> None:
        """Make the secrets, choose the ports, and have the gateway's free."""
        self.home.make_secrets()
        port = self.settings.port
        if not ports.is_free(port, self.settings.bind):
            raise LauncherError(
                _("Port %(port)d is taken. Stop what uses it, or choose another.", port=port)
            )
        self.behind = [name for name in self.services if name != GATEWAY]
        free = ports.free_ports(PORTS_NEEDED + len(self.behind))
        self.store = Store(self.home, free[:PORTS_NEEDED])
        self.ports = dict(zip(self.behind, free[PORTS_NEEDED:], strict=True))
        self.ports |= {STORE: self.store.port, GATEWAY: port}
        self.environment = merged(inherited(), environment(self.home, self.ports))

    def start_children(self) -> None:
        """Start all at once, for a start is mostly loading; each serves when its gate opens."""
        self.say(_("Starting %(names)s.", names=", ".join([STORE, *self.services])))
        for gate in (self.prepared, self.opened):
            gate.unlink(missing_ok=True)
        self.supervisor.start(self.store.child(self.environment))
        self.supervisor.start(*(self.server(name, self.prepared) for name in self.behind))
        self.supervisor.start(self.server(GATEWAY, self.opened))

    def prepare(self) -> None:
        """Prepare the databases, then let the services serve, and wait for them and the store."""
        self.say(_("Preparing the databases."))
        self.supervisor.run(self.command("prepare", "prepare", *self.in_order()))
        self.prepared.touch()
        for name in self.behind:
            self.supervisor.wait_until(partial(self.is_ready, name), name, READY_SECONDS)
        self.supervisor.wait_until(self.store.answers, STORE, STORE_SECONDS)

    def open_gateway(self) -> None:
        self.opened.touch()
        self.supervisor.wait_until(partial(self.is_ready, GATEWAY), GATEWAY, READY_SECONDS)

    def load_demo(self) -> None:
        """At the first start put the demo data in; the marker is written when all of it is."""
        if self.home.first_start_marker.exists():
            return
        if self.with_demo and demo.is_there():
            self.say(_("Loading the demo data."))
            self.supervisor.run(self.command("demo", "load-demo"))
        write_whole(self.home.first_start_marker, "")

    def in_order(self) -> list[str]:
        return sorted(self.services, key=lambda name: (name != FIRST, name))

    def command(self, name: str, *arguments: str, module: str = CLI) -> Child:
        """A child that runs a command of this program."""
        command = [sys.executable, "-m", module, *arguments]
        return Child(name, command, self.environment, self.home.log_file(name))

    def server(self, name: str, gate: Path) -> Child:
        """A child that serves `name` as soon as the file `gate` is there."""
        public = name == GATEWAY
        module = EVENTED_CLI if public else CLI
        options = ("--port", str(self.ports[name]), "--after", str(gate))
        child = self.command(name, "serve", name, *options, module=module)
        bind = self.settings.bind if public else ports.LOOPBACK
        child.environment = {**self.environment, "IAMIS_BIND": bind}
        if not public:
            # Only the gateway calls services: what it says of the client's address counts.
            child.environment["IAMIS_TRUSTED_PROXIES"] = ports.LOOPBACK
        return child

    def is_ready(self, name: str) -> bool:
        connection = http.client.HTTPConnection(
            ports.LOOPBACK, self.ports[name], timeout=ANSWER_SECONDS
        )
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def write_instance(self) -> None:
        Instance(
            pid=os.getpid(),
            stack="embedded",
            port=self.settings.port,
            base_url=self.base_url,
            state=self.state,
            ports=self.ports,
            pids=self.supervisor.pids(),
        ).write(self.home)

    def greet(self, seconds: float) -> None:
        self.say(_("Ready after %(count).1f s: %(url)s", count=seconds, url=self.base_url))
        if self.home.accounts_file.exists():
            self.say(_("The demo accounts:"))
            self.say(accounts.table(self.home.accounts_file))
            self.say(_("A sign-in code: %(command)s totp E-MAIL", command=self.command_line()))
        self.say(_("Ctrl-C stops everything; the data stays in %(home)s.", home=self.home.path))

    def command_line(self) -> str:
        """How to reach this home from the folder the system was started in."""
        program = os.path.relpath(Path(sys.executable).with_name("iamis"))
        return f"{program} --home {os.path.relpath(self.home.path)}"

    def stop(self) -> None:
        self.supervisor.stop()
        if self.ports:
            self.store.remove_sockets()
        self.home.instance_file.unlink(missing_ok=True)
