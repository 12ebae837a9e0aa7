"""Marks saved: one at a time and in batches, beside a bare upsert."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from tests.bench import asked, processes
from tests.bench.load import Call, Calls, Measured, call, run
from tests.bench.rows import Row, at_least, percentile
from tests.bench.system import System

CLIENTS = 8
ROUNDS = 4
SECONDS = 5.0
WARM_SECONDS = 1.0
SHARE = 30
CLASS = 250
MARKS = 101
BARE_GOAL, BATCH_GOAL = 0.5, 8.0
BARE = "bare"
PROCESSES, PLAIN_PROCESSES = ("gateway", "marks", "postgres"), (BARE, "postgres")
MOODLE = "Moodle 4.5, as measured elsewhere"


@dataclass
class Kind:
    """One way of saving: who asks for it where, what came of it, and what the processes spent."""

    url: str
    clients: Sequence[Calls]
    headers: Mapping[str, str]
    measured: Measured = field(default_factory=Measured)
    rates: list[float] = field(default_factory=list)
    spent: Counter[str] = field(default_factory=Counter)

    def run(self, system: System) -> None:
        before = processes.spent(_pids(system))
        measured = run(self.url, self.clients, SECONDS, self.headers)
        self.measured.add(measured)
        self.rates.append(measured.per_second)
        self.spent.update(processes.spent(_pids(system)))
        self.spent.subtract(before)

    def beside(self, other: "Kind") -> list[float]:
        """How many a second are done for each of the other's, round by round."""
        return [ours / theirs for ours, theirs in zip(self.rates, other.rates, strict=True)]

    def spent_on_one(self, names: Sequence[str]) -> dict[str, float]:
        """Milliseconds of processor for one mark, by process."""
        return {name: self.spent[name] / self.measured.done * 1000 for name in names}


def _pids(system: System) -> dict[str, int]:
    return {**system.stack.instance.pids, BARE: system.bare_pid}


def rows(system: System) -> Iterator[Row]:
    """Single marks and batches, in turns with the baseline, so that a busy minute is shared."""
    papers = system.papers(CLIENTS, CLASS, "S")
    headers, url = system.authorization(), system.stack.base_url
    bare = Kind(system.bare_url, _clients(system, _bare, papers), {})
    singly = Kind(url, _clients(system, single, papers), headers)
    together = Kind(url, _clients(system, batch, papers), headers)
    for kind in (singly, bare):
        run(kind.url, kind.clients, WARM_SECONDS, kind.headers)
    for _round in range(ROUNDS):
        for kind in (bare, singly, together):
            kind.run(system)
    yield Row(
        f"one mark saved through the gateway, {CLIENTS} clients",
        told(singly.measured, "marks/s"),
        f"bare Flask, SQLAlchemy, PostgreSQL: {told(bare.measured, 'marks/s')}",
        singly.measured.per_second / bare.measured.per_second,
        f"≥ {BARE_GOAL}",
        at_least(BARE_GOAL),
        singly.beside(bare),
    )
    yield Row(
        f"marks saved in batches of {CLASS}, {CLIENTS} clients",
        told(together.measured, "marks/s"),
        f"single rows of the same bare application: {bare.measured.per_second:.0f} marks/s",
        together.measured.per_second / bare.measured.per_second,
        f"≥ {BATCH_GOAL:.0f}",
        at_least(BATCH_GOAL),
        together.beside(bare),
    )
    yield from _spent(singly, together, bare)
    # On one where nothing is marked yet: a mark that is there already is not saved again.
    (blank,) = system.papers(1, CLASS, "A")
    saves = {"one mark": single, f"{CLASS} marks together": batch}
    yield from asked.rows(system, {what: next(of(system, blank)) for what, of in saves.items()})


def _spent(singly: Kind, together: Kind, bare: Kind) -> Iterator[Row]:
    """Where the limit is: on a machine that is busy, these change less than the marks a second."""
    least = bare.spent_on_one(PLAIN_PROCESSES)
    for what, kind in (("one mark", singly), (f"a mark of {CLASS} together", together)):
        ours = kind.spent_on_one(PROCESSES)
        yield Row(
            f"processor time of {what}",
            _shares(ours),
            f"bare: {_shares(least)}",
            sum(ours.values()) / sum(least.values()),
        )


def _shares(spent: Mapping[str, float]) -> str:
    of_each = ", ".join(f"{name} {share:.2f}" for name, share in spent.items())
    return f"{sum(spent.values()):.2f} ms ({of_each})"


def beside_moodle(system: System) -> Iterator[Row]:
    """What others measured with Moodle, and the same of ours; no ratio: not the same machine."""
    headers, url = system.authorization(), system.stack.base_url
    (paper_id,) = system.papers(1, CLASS, "M")
    alone = run(url, [partial(single, system, paper_id)], SECONDS, headers)
    posted = next(batch(system, paper_id))
    began = time.perf_counter()
    system.teacher.call(posted.method, posted.path, posted.body, _JSON).expect(200)
    took = time.perf_counter() - began
    page = f"{system.sheet_path(paper_id)}/marksheet?rows=all"
    looked = run(url, [partial(_look, page)], SECONDS, headers)
    size = len(system.teacher.get(page).content)
    yield Row("single marks of one client", f"{alone.per_second:.0f}/s", f"{MOODLE}: 37 to 67/s")
    yield Row(f"a class of {CLASS} posted", f"{took:.2f} s", f"{MOODLE}: 5 s")
    yield Row(
        f"the marksheet of {CLASS} read",
        f"median {percentile(looked.seconds, 50):.0f} ms, {size / 1000:.0f} KB",
        f"{MOODLE}: grading page 260 to 360 ms, 985 KB",
    )


_JSON = {"Content-Type": "application/json"}


def told(measured: Measured, unit: str) -> str:
    p50, p99 = percentile(measured.seconds, 50), percentile(measured.seconds, 99)
    return f"{measured.per_second:.0f} {unit} (p50 {p50:.0f} ms, p99 {p99:.0f} ms)"


def _clients(
    system: System, calls: Callable[[System, str], Iterator[Call]], papers: Sequence[str]
) -> list[Calls]:
    return [partial(calls, system, paper_id) for paper_id in papers]


def _numbers(count: int) -> list[str]:
    return [f"{number:04d}" for number in range(1, count + 1)]


def single(system: System, paper_id: str) -> Iterator[Call]:
    """Another mark for one candidate after the other."""
    path = f"{system.sheet_path(paper_id)}/candidates"
    for turn, number in enumerate(itertools.cycle(_numbers(SHARE))):
        yield call("PUT", f"{path}/{number}", {"tasks": [turn % MARKS]})


def _bare(_system: System, paper_id: str) -> Iterator[Call]:
    for turn, number in enumerate(itertools.cycle(_numbers(SHARE))):
        yield call("PUT", f"/papers/{paper_id}/candidates/{number}", {"tasks": [turn % MARKS]})


def batch(system: System, paper_id: str, size: int = CLASS) -> Iterator[Call]:
    """Other marks for a whole class, again and again."""
    path = f"{system.sheet_path(paper_id)}/marksheet"
    for turn in itertools.count():
        marks = [
            {"candidate_no": number, "tasks": [(turn + place) % MARKS]}
            for place, number in enumerate(_numbers(size))
        ]
        yield call("PATCH", path, {"candidates": marks}, size)


def _look(path: str) -> Iterator[Call]:
    while True:
        yield Call("GET", path, b"")
