"""The long run: 500 submissions from 8 clients, and meanwhile everything dies once.

What was acknowledged is there, every event has its effects once, and only the poison is given up.
The counts are printed, and what the way from a submission to its sample takes (never asserted).
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3

from shared.bus import BusError, Message
from shared.events.envelope import Envelope
from shared.launcher.instance import WORKER, worker_of
from tests.integration.conftest import Accounts
from tests.support.alarms import short_of
from tests.support.api import Api
from tests.support.effects import dead_letters, emitted_about, emitted_events, unhandled
from tests.support.faults import (
    SERVICES,
    all_answer,
    all_told,
    bus_of,
    kept_dead,
    message_of,
    outbox,
)
from tests.support.newcomers import newcomers
from tests.support.operator import iamis
from tests.support.papers import Papers, make_papers
from tests.support.proxy import Proxy, proxy_to
from tests.support.roundtrips import raw_round_trips, seconds_of, summary
from tests.support.sheet import Sheet
from tests.support.stack import REAL, Stack, fresh_stack
from tests.support.submitters import Submitters
from tests.support.subscriber import Subscriber, drop_half_a_line
from tests.support.waiting import wait_for
from tests.support.workers import another_worker, cut_off

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

SUBMISSIONS = 500
CLIENTS = 8
CANDIDATES = 3
MEASURED = 50
TIMES = 10
AT = "2031-05-01T12:00:00Z"
SECONDS = 180
# Longer than any part is away, and short enough to see the poison given up.
LADDER = "0.2,1,5,20,40"
HEARD = {"marks.submitted.v1", "sample.generated.v1"}
POISONED = "sampling"

Fault = AbstractContextManager[object]


@pytest.fixture(scope="module")
def system() -> Iterator[Stack]:
    with fresh_stack(REAL, {"IAMIS_RETRY_LADDER": LADDER}) as running:
        yield running


@pytest.fixture(scope="module")
def papers(system: Stack) -> Papers:
    """So many with a few candidates each, those for the measurement last."""
    accounts = Accounts(system)
    board, centre_no = accounts["board"], accounts.centre_no
    ids = make_papers(board, centre_no, SUBMISSIONS + MEASURED, CANDIDATES)
    teachers = newcomers(system, CLIENTS, centre_no=centre_no)
    clients = [Api.signed_in(system.base_url, account) for account in teachers]
    wait_for("the entries are everywhere", lambda: not unhandled(system), SECONDS)
    return Papers(centre_no, ids, clients)


# ---- what happens ----


def is_back(stack: Stack) -> bool:
    """Whether every service answers, and the broker."""
    try:
        with bus_of(stack) as bus:
            return bus.depth(f"iamis.{POISONED}") >= 0 and all_answer(stack)
    except (AssertionError, BusError, urllib3.exceptions.HTTPError):
        return False


@contextmanager
def killed(stack: Stack, name: str, with_signal: signal.Signals = signal.SIGKILL) -> Iterator[None]:
    """One process, in the middle of its work; the launcher starts another."""
    os.killpg(stack.service_pid(name), with_signal)
    yield


@contextmanager
def told_over_and_over(stack: Stack, subject: str) -> Iterator[None]:
    """All events of one sheet again, in any order."""
    rows = [row for name in SERVICES for row in outbox(stack, name, subject)]
    messages = [message_of(row) for row in rows * TIMES]
    random.Random(1).shuffle(messages)  # noqa: S311 - an order, no secret
    with bus_of(stack) as bus:
        bus.publish(messages)
    yield


@contextmanager
def two_at_once(stack: Stack, service: str) -> Iterator[None]:
    """Two relays and two consumers, of which one dies at the end."""
    with another_worker(stack, service):
        yield
        os.killpg(stack.service_pid(worker_of(service)), signal.SIGKILL)


class Tool:
    """A tool outside, whose line to the broker can be cut."""

    def __init__(self, stack: Stack, proxy: Proxy, folder: Path) -> None:
        file, self._proxy = folder / "url", proxy
        binds = [word for key in sorted(HEARD) for word in ("--bind", f"{key}.#")]
        told = iamis(stack.path, "tools", "add", "run", *binds, "--url-file", file)
        assert told.status == 0, told
        url = file.read_text("utf-8")
        file.write_text(url.replace(f":{urlsplit(url.strip()).port}/", f":{proxy.port}/"), "utf-8")
        given = ("--queue", "run", "--url-file", str(file))
        self._start = partial(Subscriber, stack.path, folder / "events", *given)
        self.subscriber = self._start()

    @contextmanager
    def killed(self) -> Iterator[None]:
        """And started again a little later."""
        self.subscriber.end()
        yield
        drop_half_a_line(self.subscriber.output)
        self.subscriber = self._start()

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Silently: nobody closes the connection."""
        wait_for("the tool is connected", self._proxy.cut, SECONDS)
        yield


@contextmanager
def listening(stack: Stack, folder: Path) -> Iterator[Tool]:
    port = urlsplit(stack.home.secret("amqp-url")).port
    assert port
    with proxy_to(port) as proxy:
        tool = Tool(stack, proxy, folder)
        try:
            yield tool
        finally:
            tool.subscriber.end()


def faults_of(stack: Stack, tool: Tool, subject: str) -> dict[str, Callable[[], Fault]]:
    """Everything that happens, by its name; each in the middle of a share of the submissions."""
    served = {*SERVICES, "gateway"}
    names = [name for name in stack.instance.pids if name.removesuffix(WORKER) in served]
    return {
        **{f"{name} killed": partial(killed, stack, name) for name in sorted(names)},
        "the tool killed": tool.killed,
        "the tool cut off": tool.cut,
        "two workers of marks": partial(two_at_once, stack, "marks"),
        "two workers of sampling": partial(two_at_once, stack, "sampling"),
        "the worker of marks cut off": partial(cut_off, stack, "marks"),
        "the worker of sampling cut off": partial(cut_off, stack, "sampling"),
        "the broker short of memory": partial(short_of, stack, "memory"),
        "the broker short of disk": partial(short_of, stack, "disk"),
        "the broker away": partial(kept_dead, stack, "rabbitmq"),
        "the database restarted": partial(killed, stack, "postgres", signal.SIGINT),
        "the object store away": partial(kept_dead, stack, "store"),
        f"each event of a sheet {TIMES} times": partial(told_over_and_over, stack, subject),
    }


def poison(papers: Papers) -> Message:
    """A submission whose data nobody can read."""
    subject = f"{papers.centre_no}/{papers.ids[0]}"
    event = Envelope("poison", "marks.submitted.v1", subject, AT, 1, "", {"no": "data"})
    return Message(event.id, event.event_type.exchange, event.routing_key, event.to_json())


def run(stack: Stack, submitters: Submitters, faults: dict[str, Callable[[], Fault]]) -> None:
    """Let a share of the papers be submitted around each fault, until there is none left."""
    share, more = divmod(SUBMISSIONS, len(faults))
    submitters.start()
    try:
        for place, (name, fault) in enumerate(faults.items()):
            print(f"-- {name}")
            before = share // 3
            submitters.let(before)
            submitters.wait_until_left(before // 2)
            with fault():
                submitters.let(share + (place < more) - before)
                submitters.wait_until_left(0)
            wait_for("all of it is back", partial(is_back, stack), SECONDS)
    finally:
        submitters.stop()


# ---- what is there afterwards ----


def chosen_of(sheet: Sheet) -> set[str]:
    sample = sheet.sample()
    assert sample["state"] == "generated"
    return {str(one["candidate_no"]) for one in sample["candidates"]}


def check(sheet: Sheet, submitters: Submitters) -> None:
    """Every service has the marks, the one receipt and the one sample of this sheet."""
    candidates = sheet.candidates()
    marks = {one["candidate_no"]: one["tasks"] for one in candidates}
    assert marks == submitters.marks(sheet.paper_id)
    assert sheet.offer().expect(200)["id"] == submitters.receipts[sheet.paper_id]

    chosen = chosen_of(sheet)
    assert chosen
    assert {one["candidate_no"] for one in candidates if one["sample"]} == chosen
    report = sheet.report()
    assert report["submitted_at"]
    assert {row["candidate_no"]: row["tasks"] for row in report["rows"]} == marks
    assert {row["candidate_no"] for row in report["rows"] if row["sample"] == "Yes"} == chosen
    sheet.api.get(sheet.files(min(chosen))).expect(200)


def check_events(stack: Stack, papers: Papers, count: int) -> str:
    """Each submission and each sample was told once; what was told in all."""
    told = emitted_about(stack, papers.subjects())
    for key in HEARD:
        assert len(told[key]) == count
        assert set(told[key].values()) == {1}
    assert "sample.extended.v1" not in told
    counts = {key: sum(counted.values()) for key, counted in sorted(told.items())}
    return f"emitted: {counts}"


def heard_by(stack: Stack, papers: Papers) -> set[str]:
    """The ids of what the tool is bound to."""
    subjects = papers.subjects()
    events = emitted_events(stack).items()
    return {i for i, (key, subject) in events if key in HEARD and subject in subjects}


def test_everything_dies_once_and_nothing_is_lost(
    system: Stack, papers: Papers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    worked_on = Papers(papers.centre_no, papers.ids[:SUBMISSIONS], papers.clients)
    submitters = Submitters(papers.clients, papers.centre_no, worked_on.ids, CANDIDATES)
    with bus_of(system) as bus:
        bus.deliver(f"iamis.{POISONED}", [poison(papers)])
    with listening(system, tmp_path) as tool:
        faults = faults_of(system, tool, f"{papers.centre_no}/{papers.ids[0]}")
        run(system, submitters, faults)
        wait_for("all events are handled", lambda: not unhandled(system), SECONDS)
        wait_for("all is told", lambda: all_told(system), SECONDS)
        heard = heard_by(system, worked_on)
        wait_for("the tool has all", lambda: heard <= set(tool.subscriber.printed()), SECONDS)
        lines = len(tool.subscriber.printed())
    wait_for("the poison is parked", lambda: dead_letters(system), SECONDS)
    assert dead_letters(system) == [(POISONED, "poison")]

    assert len(submitters.receipts) == SUBMISSIONS
    worked_on.each(lambda sheet: check(sheet, submitters))
    emitted = check_events(system, worked_on, SUBMISSIONS)
    with capsys.disabled():
        print(f"\n{SUBMISSIONS} submissions with {CANDIDATES} marks each, {len(faults)} faults")
        print(f"answers: {dict(submitters.statuses)}\n{emitted}")
        print(f"the tool: {len(heard)} events, {lines} lines; dead letters: {dead_letters(system)}")
        print(f"{time.monotonic() - began:.0f} s in all")


def test_how_long_a_sample_takes(
    system: Stack, papers: Papers, capsys: pytest.CaptureFixture[str]
) -> None:
    """Printed, beside the way through the same broker alone."""
    api, measured = papers.clients[0], papers.ids[SUBMISSIONS:]
    api.renew()
    samples, raw = [], []
    with raw_round_trips(system) as once:
        for paper_id in measured:
            sheet = Sheet(api, papers.centre_no, paper_id)
            sheet.fill({f"{number:04d}": [50 + number] for number in range(1, CANDIDATES + 1)})
            sheet.submit()
            samples.append(seconds_of(sheet.wait_for_sample))
            raw.append(seconds_of(once))
    with capsys.disabled():
        print(summary("\nfrom a submission's answer to its sample", samples))
        print(summary("publish, consume, acknowledge", raw))
    assert len(samples) == len(raw) == MEASURED
