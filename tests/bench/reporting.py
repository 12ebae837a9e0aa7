"""Marks saved while reports are asked for, beside marks saved by themselves."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import urllib3

from tests.bench.load import Measured, run
from tests.bench.rows import Row, at_least
from tests.bench.saving import single, told
from tests.bench.system import System
from tests.support.waiting import wait_for

CLIENTS = 8
ROUNDS = 4
SECONDS = 5.0
REPORTS = 50
CLASS = 40
GOAL = 0.9
READ_SECONDS = 120.0
TOLD_SECONDS = 60
FULL = 503


def rows(system: System) -> Iterator[Row]:
    """By themselves and beside the reports, in turns, so that a busy minute is shared."""
    papers = system.papers(CLIENTS, CLASS, "R")
    clients = [partial(single, system, paper_id) for paper_id in papers]
    headers, url = system.authorization(), system.stack.base_url
    report = f"{url}/api/reports/centres/{system.centre_no}/papers/{papers[0]}/candidate-details"
    wait_for("reports has heard of the paper", partial(_is_there, report, headers), TOLD_SECONDS)
    alone, beside = Measured(), Measured()
    took, rounds = list[float](), list[float]()
    run(url, clients, SECONDS, headers)
    for _round in range(ROUNDS):
        without = run(url, clients, SECONDS, headers)
        with ThreadPoolExecutor(REPORTS) as readers:
            asked = [readers.submit(_read, f"{report}?format=pdf", headers) for _ in range(REPORTS)]
            among = run(url, clients, SECONDS, headers)
            took.append(max(one.result() for one in asked))
        alone.add(without)
        beside.add(among)
        rounds.append(among.per_second / without.per_second)
    yield Row(
        f"marks saved by {CLIENTS} clients, {REPORTS} reports of {CLASS} candidates asked at once",
        f"{told(beside, 'marks/s')}; the last report came after {max(took):.1f} s",
        f"without the reports: {told(alone, 'marks/s')}",
        beside.per_second / alone.per_second,
        f"≥ {GOAL}",
        at_least(GOAL),
        rounds,
    )


def _is_there(report: str, headers: dict[str, str]) -> bool:
    return urllib3.request("GET", report, headers=headers).status in range(200, 300)


def _read(path: str, headers: dict[str, str]) -> float:
    """Read a report, again when told to come again; seconds until it was there."""
    began = time.perf_counter()
    while True:
        answer = urllib3.request("GET", path, headers=headers, timeout=READ_SECONDS, retries=False)
        if answer.status != FULL:
            break
        time.sleep(float(answer.headers["Retry-After"]))
    assert answer.data.startswith(b"%PDF"), answer.data[:500]
    return time.perf_counter() - began
