"""The parts of the real stack: PostgreSQL, RabbitMQ and the object storage.

They are started in this order, and stopped in the reverse of it.
"""

from collections.abc import Mapping, Sequence

from shared.launcher import postgres, rabbitmq
from shared.launcher.home import Home
from shared.launcher.parts import Kind, StorePart
from shared.launcher.postgres import Postgres
from shared.launcher.rabbitmq import RabbitMQ
from shared.launcher.supervisor import Supervisor

DATABASE_SECONDS = 120.0
NAMES_SECONDS = 30.0
BROKER_SECONDS = 180.0


class PostgresPart:
    """The databases, made and their addresses written before anything else is started."""

    name = postgres.NAME
    ports_needed = 1
    comes_first = True

    def __init__(self, home: Home, ports: Sequence[int], services: Sequence[str]) -> None:
        self._postgres = Postgres(home, ports[0], services)
        self.ports: Mapping[str, int] = {}

    @staticmethod
    def require() -> None:
        postgres.binaries()

    def start(self, supervisor: Supervisor, _environment: Mapping[str, str]) -> None:
        supervisor.wait_until(self._postgres.is_let_go, postgres.NAME, DATABASE_SECONDS)
        supervisor.start(self._postgres.child())
        supervisor.wait_until(self._postgres.answers, postgres.NAME, DATABASE_SECONDS)
        self._postgres.create_databases()

    def wait(self, supervisor: Supervisor) -> None:
        """It answered before its databases were made."""

    def end(self) -> None:
        """It leaves nothing behind."""


class RabbitPart:
    """The broker, and the name server that its node is known to."""

    name = rabbitmq.NAME
    ports_needed = rabbitmq.PORTS_NEEDED
    comes_first = True

    def __init__(self, home: Home, ports: Sequence[int], _services: Sequence[str]) -> None:
        self._rabbitmq = RabbitMQ(home, ports)
        self.ports: Mapping[str, int] = {}

    @staticmethod
    def require() -> None:
        rabbitmq.require_programs()

    def start(self, supervisor: Supervisor, environment: Mapping[str, str]) -> None:
        supervisor.start(self._rabbitmq.names(environment))
        supervisor.wait_until(self._rabbitmq.names_answer, rabbitmq.NAMES, NAMES_SECONDS)
        supervisor.start(self._rabbitmq.broker(environment))

    def wait(self, supervisor: Supervisor) -> None:
        supervisor.wait_until(self._rabbitmq.answers, rabbitmq.NAME, BROKER_SECONDS)

    def end(self) -> None:
        self._rabbitmq.end()


REAL: Sequence[Kind] = (PostgresPart, RabbitPart, StorePart)
