"""Clients that ask one thing after another, side by side, for so long."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 60
GOOD = range(200, 300)


@dataclass(frozen=True)
class Call:
    """One request; what it changes is counted as `weight`."""

    method: str
    path: str
    body: bytes
    weight: int = 1


def call(method: str, path: str, body: object, weight: int = 1) -> Call:
    return Call(method, path, json.dumps(body).encode(), weight)


@dataclass
class Measured:
    """What the clients did: the seconds of each request, and the time they had in all."""

    seconds: list[float] = field(default_factory=list)
    done: int = 0
    during: float = 0.0

    @property
    def per_second(self) -> float:
        return self.done / self.during

    def add(self, other: "Measured") -> None:
        self.seconds += other.seconds
        self.done += other.done
        self.during += other.during


# Gives a client's calls, one after the other, without end.
Calls = Callable[[], Iterator[Call]]


def run(
    base_url: str, clients: Sequence[Calls], seconds: float, headers: Mapping[str, str]
) -> Measured:
    """Let every client ask for so long; fails with the first answer that is no 2xx."""
    measured, lock = Measured(), threading.Lock()
    faults: list[str] = []
    started = time.perf_counter()
    until = started + seconds

    def work(calls: Calls) -> None:
        taken, done = _ask(base_url, calls(), until, headers, faults)
        with lock:
            measured.seconds += taken
            measured.done += done

    threads = [threading.Thread(target=work, args=(calls,)) for calls in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise AssertionError(faults[0])
    measured.during = time.perf_counter() - started
    return measured


def _ask(
    base_url: str,
    calls: Iterator[Call],
    until: float,
    headers: Mapping[str, str],
    faults: list[str],
) -> tuple[list[float], int]:
    address = urlsplit(base_url).netloc
    connection = http.client.HTTPConnection(address, timeout=TIMEOUT_SECONDS)
    sent = {"Content-Type": "application/json", **headers}
    taken: list[float] = []
    done = 0
    while time.perf_counter() < until and not faults:
        each = next(calls)
        began = time.perf_counter()
        connection.request(each.method, each.path, each.body, sent)
        answer = connection.getresponse()
        content = answer.read()
        taken.append(time.perf_counter() - began)
        if answer.status not in GOOD:
            faults.append(f"{each.method} {each.path}: {answer.status} {content[:500]!r}")
            break
        done += each.weight
    connection.close()
    return taken, done
