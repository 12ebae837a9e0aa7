"""What runs in a home now, as a file: for commands, and for whoever looks after the processes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from shared.launcher.files import write_whole
from shared.launcher.home import Home
from shared.launcher.store import NAME as STORE

WORKER = "-worker"


def worker_of(service: str) -> str:
    """The name of the process that works on the events of `service`, where it has its own."""
    return f"{service}{WORKER}"


def is_service(name: str) -> bool:
    """Whether it names what serves HTTP, and neither a worker nor the object storage."""
    return name != STORE and not name.endswith(WORKER)


@dataclass(frozen=True)
class Instance:
    """`pids` and `ports` are by service name, and `store` for the object storage.

    On the real stack there is a `<service>-worker` for each service, and `pids` has the servers.

    `state` is `starting` or `ready`; the file is gone when the instance has stopped.
    """

    pid: int
    stack: str
    port: int
    base_url: str
    state: str
    ports: Mapping[str, int]
    pids: Mapping[str, int]

    def write(self, home: Home) -> None:
        write_whole(home.instance_file, json.dumps(asdict(self), indent=2))

    @classmethod
    def read(cls, home: Home) -> Self | None:
        """What runs in `home`, or None."""
        try:
            return cls(**json.loads(home.instance_file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
