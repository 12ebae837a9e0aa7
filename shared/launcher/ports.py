"""Ports that nobody else uses."""

import random
import socket
from contextlib import ExitStack

from shared.settings import settings

LOOPBACK = "127.0.0.1"


def is_free(port: int, address: str = LOOPBACK) -> bool:
    """Whether a server could be bound to `port` now."""
    with ExitStack() as held:
        return _held(port, address, held)


def free_ports(count: int) -> list[int]:
    """`count` different ports on loopback that are free now, of those of `IAMIS_PORTS`."""
    found: list[int] = []
    ours = settings().ports
    candidates = iter(random.SystemRandom().sample(ours, len(ours)))
    with ExitStack() as held:
        while len(found) < count:
            port = next(candidates)
            if _held(port, LOOPBACK, held):
                found.append(port)
    return found


def _held(port: int, address: str, held: ExitStack) -> bool:
    server = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    # As servers do: what lingers of closed connections is no hindrance.
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((address, port))
    except OSError:
        return False
    return True
