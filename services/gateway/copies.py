"""The copies of a service behind its one name, asked in turn.

`--scale marks=3` gives the name `marks` three addresses. Left to itself, the system would always
try the one that looks most like our own first (RFC 6724, rule 9), and connections that are kept
would never meet a copy that came later. So the gateway looks up the addresses itself.
"""

import socket
from collections.abc import Callable, Sequence
from itertools import count
from typing import NamedTuple
from urllib.parse import urlsplit

from services.gateway.remembered import Remembered

# How long an answer of the name service is good for: new copies are asked, dead ones left alone.
GOOD_SECONDS = 1.0
# Copies that do not take a connection are passed over, but not without end.
TRIED = 3
PORTS = {"http": 80, "https": 443}

# Given a host name and a port, the addresses; `socket.gaierror` where there are none.
LookUp = Callable[[str, int], Sequence[str]]


class Place(NamedTuple):
    """Where one copy takes connections; `host` is the name it shares with the others."""

    scheme: str
    host: str
    port: int
    address: str


def look_up(host: str, port: int) -> list[str]:
    """What the system's name service says, in an order that stays."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return sorted({str(address[0]) for *_rest, address in found})


class Copies:
    """Who is to be asked next."""

    def __init__(self, look_up: LookUp = look_up) -> None:
        self._look_up = look_up
        self._known: dict[str, Remembered[Sequence[str]]] = {}
        self._turns = count()

    def in_turn(self, url: str) -> list[Place]:
        """The copies to try, one after the other; begins with the next one at each call.

        Raises `socket.gaierror` where the name is not known: no copy runs.
        """
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        ask = Remembered(lambda: (self._look_up(host, port), GOOD_SECONDS))
        addresses = self._known.setdefault(url, ask).get()
        first = next(self._turns) % len(addresses)
        turned = [*addresses[first:], *addresses[:first]]
        return [Place(parts.scheme, host, port, address) for address in turned[:TRIED]]

    def forget(self, url: str) -> None:
        """Look up again before the next call."""
        self._known.pop(url, None)
