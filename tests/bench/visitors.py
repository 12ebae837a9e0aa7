"""The generator: processes that ask what the plan says when it says so, whatever is answered.

python -m tests.bench.visitors BASE_URL < VISITS

A visit that has to wait for a free connection has waited: its time counts from when it was due.
"""

import http.client
import itertools
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from services.gateway import cookies, csrf
from shared.launcher.child import die_with
from shared.settings import inherited
from tests.bench.traffic import Visit
from tests.support.gateway import TOKEN_FIELD
from tests.support.stack import ROOT

PROCESSES, CONNECTIONS = 2, 64
TIMEOUT_SECONDS = 30
# Between the last process being ready and the first visit.
AHEAD_SECONDS = 0.5
GOOD = range(200, 300)
SAID = 300


class Told(NamedTuple):
    """What came of a visit: `seconds` from when it was due; status 0 where nothing was answered.

    `said` is how many marks were saved, or how an answer that is none begins.
    """

    place: int
    seconds: float
    status: int
    said: str


@dataclass(frozen=True)
class Outcome:
    """What came of a plan, in its order; `spent` are the processor's seconds of the generator."""

    told: Sequence[Told]
    spent: float
    during: float


def visit_all(base_url: str, visits: Sequence[Visit], signed_in: Mapping[str, str]) -> Outcome:
    """Let the processes share the visits; ends when the last one is answered."""
    lines = [
        json.dumps((place, v.at, v.method, v.path, v.body.decode(), signed_in[v.centre_no]))
        for place, v in enumerate(visits)
    ]
    processes = [_started(base_url, lines[first::PROCESSES]) for first in range(PROCESSES)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    began = time.monotonic() + AHEAD_SECONDS
    for process in processes:
        assert process.stdin
        process.stdin.write(f"{began}\n")
        process.stdin.close()
    told, spent = [], 0.0
    for process in processes:
        assert process.stdout
        with process:
            *answers, last = process.stdout.read().splitlines()
        told += [Told(*json.loads(line)) for line in answers]
        spent += float(last)
    return Outcome(sorted(told), spent, time.monotonic() - began)


def _started(base_url: str, lines: Sequence[str]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.visitors", base_url],
        cwd=ROOT,
        env=inherited(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509
    )
    assert process.stdin
    process.stdin.writelines(f"{line}\n" for line in [*lines, ""])
    process.stdin.flush()
    return process


class Generator:
    """One process of it: its connections take the visits in their order."""

    def __init__(self, base_url: str, visits: Sequence[Sequence[Any]]) -> None:
        self._address = urlsplit(base_url).netloc
        self._visits = visits
        self._turns = itertools.count()
        self.told: list[Told] = []
        form, self._token = self._form_token() if visits else ("", "")
        self._form = f"{cookies.FORM}={form}"

    def _form_token(self) -> tuple[str, str]:
        """The token that a page sends with what it saves, and the cookie that goes with it."""
        connection = http.client.HTTPConnection(self._address, timeout=TIMEOUT_SECONDS)
        connection.request("GET", "/")
        answer = connection.getresponse()
        found = TOKEN_FIELD.search(answer.read().decode())
        assert found
        given = answer.headers.get_all("Set-Cookie") or []
        form = next(one for one in given if one.startswith(f"{cookies.FORM}="))
        return form.partition(";")[0].partition("=")[2], found[1]

    def run(self, began: float) -> None:
        work = [threading.Thread(target=self._work, args=(began,)) for _each in range(CONNECTIONS)]
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()

    def _work(self, began: float) -> None:
        connection = http.client.HTTPConnection(self._address, timeout=TIMEOUT_SECONDS)
        while (turn := next(self._turns)) < len(self._visits):
            place, at, *asked = self._visits[turn]
            time.sleep(max(0.0, began + at - time.monotonic()))
            try:
                status, said = self._ask(connection, *asked)
            except (OSError, http.client.HTTPException) as error:
                status, said = 0, repr(error)
                connection.close()
            seconds = time.monotonic() - began - at
            self.told.append(Told(place, seconds, status, said[:SAID]))
        connection.close()

    def _ask(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: str,
        cookie: str,
    ) -> tuple[int, str]:
        sent = {
            "Cookie": f"{cookies.SESSION}={cookie}; {self._form}",
            csrf.HEADER: self._token,
            "Content-Type": "application/json",
        }
        connection.request(method, path, body.encode(), sent)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status not in GOOD:
            return answer.status, content.decode(errors="replace")
        return answer.status, str(len(json.loads(content)["saved"])) if method == "PATCH" else ""


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    lines = iter(sys.stdin.readline, "\n")
    generator = Generator(sys.argv[1], [json.loads(line) for line in lines])
    print("ready", flush=True)
    before = _spent()
    generator.run(float(sys.stdin.readline()))
    for told in generator.told:
        print(json.dumps(told))
    print(_spent() - before)


if __name__ == "__main__":
    main()
