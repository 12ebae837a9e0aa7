"""Rebuilding the read model of reports: the same tables as live ones, in memory that stays flat.

    python -m tests.bench.rebuilding 1000000

A board is made of one centre that has been through everything, its rows copied to others: in the
databases that tell, and in the one of reports that was told as it happened. That one is then
forgotten and told anew, by what `iamis republish` tells and the consumer of reports takes in.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import click
from sqlalchemy import Connection, Table, delete, text

from services.reports.app import SERVICE as REPORTS
from services.reports.commands.rebuilding import forget_all
from shared.bus import Bus, Message
from shared.db import Database, PlatformBase
from shared.events.consumer import Consumer
from shared.events.models import Outbox
from shared.events.republish import republish
from shared.service import Service, load_service
from tests.bench.rows import Row, at_most
from tests.bench.system import System
from tests.support.tables import digests
from tests.unit.access.twins import System as Live
from tests.unit.access.twins import live_through, opened
from tests.unit.access.world import OWN, make_world

OF_A_SHEET = 200
FIRST_CENTRE = 10_000
SOURCES = ("marks", "sampling", "uploads")
USUAL = 100_000
GOAL = 1.25


@dataclass
class Measured:
    """Of how many candidates; the most memory in KiB, at a tenth of the events and at the end."""

    candidates: int
    events: int
    seconds: float
    tenth_kib: int
    end_kib: int
    differ: list[str]


def rows(_system: System) -> Iterator[Row]:
    """In a process of its own, whose memory is nobody else's."""
    command = [sys.executable, "-m", "tests.bench.rebuilding", str(USUAL)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = Measured(**json.loads(done.stdout))
    size = f"{found.candidates:,} candidates"
    yield Row(
        f"memory of a rebuild, {size}",
        f"{found.end_kib / 1024:.0f} MiB in the end",
        f"after a tenth: {found.tenth_kib / 1024:.0f} MiB",
        found.end_kib / found.tenth_kib,
        f"≤ {GOAL}",
        at_most(GOAL),
    )
    yield Row(
        f"tables that a rebuild leaves other than live ones, {size}",
        ", ".join(found.differ) or "none",
        f"{found.events:,} events in {found.seconds:.0f} s",
        float(len(found.differ)),
        "≤ 0",
        at_most(0),
    )


@dataclass
class Straight:
    """A bus that hands what is told to its consumer at once; notes the memory as it goes."""

    consumer: Consumer
    kib: list[int] = field(default_factory=list)

    def deliver(self, _queue: str, messages: Sequence[Message]) -> None:
        failures = self.consumer.handle_all(messages)
        assert not failures, failures
        self.kib.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def measure(candidates: int, folder: Path) -> Measured:
    world = make_world(folder, range(1, OF_A_SHEET + 1))
    system = opened(world, folder / "live")
    live_through(system, world.papers.submitted)
    for name in (*SOURCES, "reports"):
        _multiply(load_service(name), system.services[name].database, _centres(candidates))
    reports = system.services["reports"].database
    live = digests(reports)
    bus, began = Straight(Consumer(reports, REPORTS.handlers)), time.monotonic()
    events = _rebuild(system, bus)
    seconds, rebuilt = time.monotonic() - began, digests(reports)
    system.close()
    differ = [name for name in live if live[name] != rebuilt[name]]
    tenth = bus.kib[len(bus.kib) // 10]
    return Measured(live["candidates"][0], events, seconds, tenth, bus.kib[-1], differ)


def _rebuild(system: Live, bus: Straight) -> int:
    """As the command does it; gives how many events that took."""
    with system.services["reports"].transaction() as session:
        forget_all(session)
    events = 0
    with click.progressbar(length=0, label="Rebuilding", file=sys.stderr, show_pos=True) as bar:
        for name in SOURCES:
            present = load_service(name).present
            keys = set(REPORTS.handlers) & set(present)
            source = system.services[name].database
            events += republish(source, present, keys, cast("Bus", bus), REPORTS.queue, bar.update)
    return events


def _centres(candidates: int) -> range:
    """So many further centres as it takes; each has two sheets."""
    return range(FIRST_CENTRE, FIRST_CENTRE + candidates // (2 * OF_A_SHEET))


def _multiply(service: Service, database: Database, centres: range) -> None:
    """Give the centres what the model centre has; nothing waits to be told."""
    tables = [*service.metadata.sorted_tables, *PlatformBase.metadata.sorted_tables]
    with database.engine.begin() as connection:
        connection.execute(delete(Outbox))
        for table in tables:
            if "centre_no" in table.columns:
                _copy(connection, table, "centre_no", ":centre", centres)
            elif "subject" in table.primary_key.columns:
                _copy(connection, table, "subject", f"replace(subject, '{OWN}', :centre)", centres)


def _copy(connection: Connection, table: Table, key: str, value: str, centres: range) -> None:
    """With keys of their own, where these are texts of ours; numbers are drawn anew."""
    kept = {one.name: one.name for one in table.columns if one.name not in {"id", key}}
    if "id" in table.columns and table.columns["id"].type.python_type is str:
        kept["id"] = "id || :centre"
    taken = {key: value, **kept}
    # A range, unlike `LIKE`, is looked up in an index: there are more rows with each centre.
    copying = text(
        f"INSERT INTO {table.name} ({', '.join(taken)}) SELECT {', '.join(taken.values())}"  # noqa: S608
        f" FROM {table.name} WHERE {key} >= '{OWN}' AND {key} < '{int(OWN) + 1}'"
    )
    connection.execute(copying, [{"centre": str(centre)} for centre in centres])


if __name__ == "__main__":
    os.environ.setdefault("IAMIS_SECRET_KEY", "a secret of the benchmark, and long enough")
    with TemporaryDirectory() as made:
        print(json.dumps(asdict(measure(int(sys.argv[1]), Path(made)))))
