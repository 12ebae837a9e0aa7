"""Ports that nobody else uses."""

import random
import socket
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack

from shared.settings import settings

LOOPBACK = "127.0.0.1"


def is_free(port: int, address: str = LOOPBACK) -> bool:
    """Whether a server could be bound to `port` now."""
    with ExitStack() as held:
        return _held(port, address, held)


def free_ports(count: int, but: Collection[int] = ()) -> list[int]:
    """`count` different ports on loopback that are free now, of those of `IAMIS_PORTS`."""
    found: list[int] = []
    ours = settings().ports
    candidates = (one for one in random.SystemRandom().sample(ours, len(ours)) if one not in but)
    with ExitStack() as held:
        while len(found) < count:
            port = next(candidates)
            if _held(port, LOOPBACK, held):
                found.append(port)
    return found


def same_ports(names: Sequence[str], kept: Mapping[str, int], but: int) -> dict[str, int]:
    """A port for each of `names`: the one `kept` for it, where that is free, or else a new one."""
    usable = set(settings().ports) - {but}
    same = {name: kept[name] for name in names if kept.get(name) in usable and is_free(kept[name])}
    new = [name for name in names if name not in same]
    free = free_ports(len(new), but={but, *same.values()})
    return {**same, **dict(zip(new, free, strict=True))}


def _held(port: int, address: str, held: ExitStack) -> bool:
    server = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
    # As servers do: what lingers of closed connections is no hindrance.
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((address, port))
    except OSError:
        return False
    return True
