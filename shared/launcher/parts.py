"""What services stand on: the servers of a stack, each a part that is started and waited for."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from shared.i18n import gettext as _
from shared.launcher import store
from shared.launcher.errors import LauncherError
from shared.launcher.home import Home
from shared.launcher.store import Store
from shared.launcher.supervisor import Supervisor

STORE_SECONDS = 60.0


class Part(Protocol):
    """One server, or what belongs to it; it writes into the home how it is reached.

    `ports` has those that services are told of by their number, by the part's name;
    `comes_first` tells whether it has to answer before the databases are prepared.
    """

    ports: Mapping[str, int]
    comes_first: bool

    def start(self, supervisor: Supervisor, environment: Mapping[str, str]) -> None:
        """Start its children, and wait until it is known how they will be reached."""

    def wait(self, supervisor: Supervisor) -> None:
        """Wait until it answers."""

    def end(self) -> None:
        """Clear away what its children leave behind: they have been stopped."""


class Kind(Protocol):
    """How a part is made; `ports_needed` is the length of `ports`, which it has by its name."""

    name: str
    ports_needed: int

    def __call__(self, home: Home, ports: Sequence[int], services: Sequence[str], /) -> Part:
        """The part of `home`."""

    def require(self) -> None:
        """Raise `LauncherError` where the system lacks its programs."""


class StorePart:
    """The object storage."""

    name = store.NAME
    ports_needed = store.PORTS_NEEDED
    comes_first = False

    def __init__(self, home: Home, ports: Sequence[int], _services: Sequence[str]) -> None:
        self._store = Store(home, ports)
        self.ports: Mapping[str, int] = {store.NAME: self._store.port}

    @staticmethod
    def require() -> None:
        store.binary()

    def start(self, supervisor: Supervisor, environment: Mapping[str, str]) -> None:
        supervisor.start(self._store.child(environment))

    def wait(self, supervisor: Supervisor) -> None:
        supervisor.wait_until(self._store.answers, store.NAME, STORE_SECONDS)

    def end(self) -> None:
        self._store.remove_sockets()


EMBEDDED: Sequence[Kind] = (StorePart,)


def require_all(kinds: Sequence[Kind]) -> None:
    """Raise `LauncherError` naming everything that the system lacks."""
    missing: list[str] = []
    for kind in kinds:
        try:
            kind.require()
        except LauncherError as error:
            missing.append(str(error))
    if missing:
        raise LauncherError("\n".join([*missing, _("To install what is missing: make install")]))
