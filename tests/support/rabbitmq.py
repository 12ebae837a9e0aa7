"""A private RabbitMQ for tests, started as the launcher starts it."""

import itertools
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.bus.rabbitmq.management import Management
from shared.launcher.child import Child
from shared.launcher.home import Home
from shared.launcher.ports import free_ports
from shared.launcher.rabbitmq import OURS, PORTS_NEEDED, USER, RabbitMQ
from shared.settings import inherited
from tests.support.waiting import wait_for

START_SECONDS = 120
CONTROL_SECONDS = 60

_hosts = itertools.count(1)


@dataclass
class Broker:
    """A broker that runs, with the children that run it."""

    rabbitmq: RabbitMQ
    names: Child
    child: Child

    def start(self) -> None:
        self.names.start()
        wait_for("epmd answers", self.rabbitmq.names_answer, START_SECONDS)
        self.start_broker()

    def start_broker(self) -> None:
        self.child.start()
        wait_for("RabbitMQ answers", self.rabbitmq.answers, START_SECONDS)

    def stop_broker(self) -> None:
        self.child.ask_to_stop()
        self.child.stop(self.child.grace_seconds)

    def stop(self) -> None:
        self.stop_broker()
        self.names.ask_to_stop()
        self.names.stop(self.names.grace_seconds)
        self.rabbitmq.end()

    def new_host(self) -> str:
        """The AMQP URL of an empty virtual host, for one test."""
        name = f"test-{next(_hosts)}"
        management = Management(self.rabbitmq.management_url, name)
        management.call("PUT", management.path("vhosts"), {})
        everything = {"configure": "", "write": OURS, "read": OURS}
        management.call("PUT", management.path("permissions", USER), everything)
        management.close()
        return f"{self.rabbitmq.url.removesuffix('%2F')}{name}"

    def control(self, *arguments: str) -> str:
        """What `rabbitmqctl` says."""
        done = subprocess.run(
            self.rabbitmq.control(*arguments),
            env=self.rabbitmq.environment(inherited()),
            check=True,
            capture_output=True,
            text=True,
            timeout=CONTROL_SECONDS,
        )
        return done.stdout


@contextmanager
def running_broker(folder: Path) -> Iterator[Broker]:
    """RabbitMQ with its data in `folder`."""
    home = Home(folder)
    home.create()
    home.make_secrets()
    rabbitmq = RabbitMQ(home, free_ports(PORTS_NEEDED))
    broker = Broker(rabbitmq, rabbitmq.names(inherited()), rabbitmq.broker(inherited()))
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()
