"""A whole stack, from nothing to ready and back to nothing.

What one stack has otherwise than another are its parts (`shared.launcher.parts`).
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from shared.i18n import gettext as _
from shared.launcher import accounts, demo, ports
from shared.launcher.environment import environment, for_preparing, merged
from shared.launcher.errors import InterruptedStartError, LauncherError
from shared.launcher.files import write_whole
from shared.launcher.home import Home
from shared.launcher.instance import Instance, worker_of
from shared.launcher.parts import Kind, Part, require_all
from shared.launcher.processes import GATEWAY, Processes
from shared.launcher.signals import Signals
from shared.launcher.supervisor import Supervisor
from shared.settings import Settings, inherited

# It writes the first public keys, which the others take when they are prepared.
FIRST = "identity"
READY_SECONDS = 120.0

Say = Callable[[str], None]


@dataclass
class Stack:
    """Every service on its own free port, and the gateway on the one that was asked for."""

    settings: Settings
    kinds: Sequence[Kind]
    services: Sequence[str]
    with_demo: bool
    say: Say
    state: str = "starting"
    ports: dict[str, int] = field(default_factory=dict)
    parts: Sequence[Part] = ()

    def __post_init__(self) -> None:
        self.home = Home(self.settings.home)
        self.prepared = self.home.path / "run" / "prepared"
        self.opened = self.home.path / "run" / "opened"
        self.base_url = f"http://{ports.LOOPBACK}:{self.settings.port}"
        self.behind = [name for name in self.services if name != GATEWAY]
        # Whose events are worked on by a process of their own.
        self.worked_apart = self.services if self.settings.stack == "real" else []

    def run(self) -> None:
        """Start everything, keep it running, and stop it all when a signal or a failure comes."""
        require_all(self.kinds)
        self.home.create()
        with self.home.locked(), Signals() as signals:
            self.supervisor = Supervisor(signals, self.say, self.write_instance)
            try:
                self.work()
            except InterruptedStartError:
                self.say(_("Stopping."))
            finally:
                self.stop()

    def work(self) -> None:
        began = time.monotonic()
        self.plan()
        self.start_parts()
        self.start_children()
        self.prepare()
        self.load_demo()
        self.open_gateway()
        self.state = "ready"
        self.write_instance()
        self.greet(time.monotonic() - began)
        self.supervisor.watch()

    def plan(self) -> None:
        """Make the secrets, choose the ports, and see that the gateway's is free."""
        self.home.belong_to(self.settings.stack)
        self.home.make_secrets()
        port = self.settings.port
        if not ports.is_free(port, self.settings.bind):
            raise LauncherError(
                _("Port %(port)d is taken. Stop what uses it, or choose another.", port=port)
            )
        of_parts = {
            kind: [f"{kind.name} {n + 1}" for n in range(kind.ports_needed)] for kind in self.kinds
        }
        chosen = self.choose_ports([*self.process_names(), *chain(*of_parts.values())])
        self.ports = {**{name: chosen[name] for name in self.process_names()}, GATEWAY: port}
        self.parts = [
            kind(self.home, [chosen[name] for name in names], self.services)
            for kind, names in of_parts.items()
        ]

    def choose_ports(self, names: Sequence[str]) -> Mapping[str, int]:
        """Those that the home had, where they are free: tools and workers were told of them."""
        before = self.home.ports
        # The gateway's is free still, and not to be given away.
        chosen = ports.same_ports(names, before, but=self.settings.port)
        moved = [name for name in names if before.get(name, chosen[name]) != chosen[name]]
        if moved:
            self.say(
                _("On another port than before, which is taken: %(names)s.", names=", ".join(moved))
            )
        write_whole(self.home.ports_file, json.dumps(chosen, indent=2))
        return chosen

    def process_names(self) -> list[str]:
        """What runs behind the gateway."""
        return [*self.behind, *map(worker_of, self.worked_apart)]

    def start_parts(self) -> None:
        """Start what services stand on; from then on it is known how all of it is reached."""
        for part in self.parts:
            part.start(self.supervisor, inherited())
            self.ports |= part.ports
        self.processes = Processes(
            self.home,
            self.ports,
            self.settings.bind,
            merged(inherited(), environment(self.home, self.ports)),
        )

    def start_children(self) -> None:
        """Start all at once, for a start is mostly loading; each serves when its gate opens."""
        self.say(_("Starting %(names)s.", names=", ".join(self.services)))
        for gate in (self.prepared, self.opened):
            gate.unlink(missing_ok=True)
        self.supervisor.start(
            *(self.processes.server(name, self.prepared) for name in self.behind),
            *(self.processes.worker(name, self.prepared) for name in self.worked_apart),
        )
        self.supervisor.start(self.processes.gateway(self.opened))

    def prepare(self) -> None:
        """Prepare the databases, then let the services begin, and wait for all of them."""
        self.wait_for_parts(first=True)
        self.say(_("Preparing the databases."))
        in_order = sorted(self.services, key=lambda name: (name != FIRST, name))
        self.supervisor.run(
            self.processes.once("prepare", "prepare", *in_order, more=for_preparing(self.home))
        )
        self.prepared.touch()
        for name in self.process_names():
            self.wait_for(name)
        self.wait_for_parts(first=False)

    def open_gateway(self) -> None:
        self.opened.touch()
        self.wait_for(GATEWAY)

    def wait_for_parts(self, *, first: bool) -> None:
        for part in self.parts:
            if part.comes_first is first:
                part.wait(self.supervisor)

    def wait_for(self, name: str) -> None:
        self.supervisor.wait_until(partial(self.processes.answers, name), name, READY_SECONDS)

    def load_demo(self) -> None:
        """At the first start put the demo data in; the marker is written when all of it is."""
        if self.home.first_start_marker.exists():
            return
        if self.with_demo and demo.is_there():
            self.say(_("Loading the demo data."))
            self.supervisor.run(self.processes.once("demo", "load-demo"))
        write_whole(self.home.first_start_marker, "")

    def write_instance(self) -> None:
        Instance(
            pid=os.getpid(),
            stack=self.settings.stack,
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
            self.say(_("A sign-in code: %(command)s totp EMAIL", command=self.command_line()))
        self.say(_("Ctrl-C stops everything; the data stays in %(home)s.", home=self.home.path))

    def command_line(self) -> str:
        """How to reach this home from the folder the system was started in."""
        program = os.path.relpath(Path(sys.executable).with_name("iamis"))
        return f"{program} --home {os.path.relpath(self.home.path)}"

    def stop(self) -> None:
        """Stop what runs, what was started last before what it stands on."""
        self.supervisor.stop()
        for part in reversed(self.parts):
            part.end()
        self.home.instance_file.unlink(missing_ok=True)
